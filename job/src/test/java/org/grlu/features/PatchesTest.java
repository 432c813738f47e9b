package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.ArrayFile;
import org.junit.jupiter.api.Test;

/** Codes of patches and their whitening against NumPy: reference.py beside the file. */
class PatchesTest {
  private static final int ROWS = 11;
  private static final int COLUMNS = 9;
  private static final ArrayFile REFERENCE = reference();
  private static final ArrayFile.Matrix FILTERS = REFERENCE.matrix("filters");
  private static final Patches PATCHES =
      new Patches(ROWS, COLUMNS, 3, 2, FILTERS.rows(), FILTERS.values());

  private static ArrayFile reference() {
    try (InputStream in = PatchesTest.class.getResourceAsStream("reference.npz")) {
      return ArrayFile.read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabelledImages images() {
    ArrayFile.Matrix bytes = REFERENCE.matrix("images");
    byte[] pixels = new byte[bytes.values().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) bytes.values()[i];
    }
    return new LabelledImages(ROWS, COLUMNS, pixels, new byte[bytes.rows()]);
  }

  private static Whitening whitening(LabelledImages images) {
    return Whitening.of(
        Moments.of(ThreadParts.one(images), List.of(PATCHES), PATCHES.outputs(), images.size()));
  }

  private static void same(float[] values, String name, float within) {
    assertThat(values).containsExactly(REFERENCE.matrix(name).values(), Offset.offset(within));
  }

  @Test
  void codesAreThoseOfNumPy() {
    LabelledImages images = images();
    same(Encoder.codes(List.of(PATCHES), images, 0, images.size()), "codes", 2e-6f);
  }

  @Test
  void whitenedCodesAreThoseOfNumPy() {
    LabelledImages images = images();
    Linear zca = whitening(images).zca(0.01, true);
    same(Encoder.codes(List.of(PATCHES, zca), images, 0, images.size()), "zca", 2e-4f);
    List<Stage> normed = List.of(PATCHES, zca, new Norm(zca.outputs()));
    same(Encoder.codes(normed, images, 0, images.size()), "norm", 2e-4f);
  }

  @Test
  void componentsAreThoseOfNumPy() {
    LabelledImages images = images();
    Linear pca = whitening(images).components(4);
    same(Encoder.codes(List.of(PATCHES, pca), images, 0, images.size()), "pca", 1e-4f);
  }

  /** Patches of one value have no direction: whatever it is, nothing passes the threshold. */
  @Test
  void flatImagesHaveNoCode() {
    for (int value : new int[] {0, 1, 255}) {
      byte[] pixels = new byte[ROWS * COLUMNS];
      Arrays.fill(pixels, (byte) value);
      LabelledImages flat = new LabelledImages(ROWS, COLUMNS, pixels, new byte[1]);
      assertThat(Encoder.codes(List.of(PATCHES), flat, 0, 1)).containsOnly(0f);
    }
  }
}
