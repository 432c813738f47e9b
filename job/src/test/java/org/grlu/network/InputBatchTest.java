package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.junit.jupiter.api.Test;

/** What the first layer reads is the image after layer norm, however it is kept. */
class InputBatchTest {

  @Property(seed = "1", tries = 300)
  void imagesAreNormalised(
      @ForAll @Size(min = 2, max = 40) byte[] pixels, @ForAll @IntRange(max = 4) int blank) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 5 < blank ? 0 : pixels[i];
    }
    pixels[0] = 17;
    pixels[1] = (byte) 200;
    assertNormalised(new LabelledImages(1, pixels.length, pixels, new byte[1]), 1e-4);
  }

  @Test
  void digitsAreNormalised() {
    for (int i = 0; i < 20; i++) {
      assertNormalised(TestData.sample().train().slice(i, i + 1), 1e-5);
    }
  }

  @Test
  void aBlankImageBecomesZero() {
    assertNormalised(new LabelledImages(3, 7, new byte[21], new byte[1]), 1e-6);
  }

  @Test
  void aBatchHoldsItsImagesInOrder() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 10);
    LabelledImages train = TestData.sample().train();
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(train, new int[] {0, 9, 4, 9, 1}, 1, 3);
    assertThat(batch.size()).isEqualTo(3);
    for (int e = 0; e < 3; e++) {
      int image = new int[] {9, 4, 9}[e];
      assertThat(batch.label(e)).isEqualTo(train.label(image));
      assertClose(read(batch, e, 784), Normalised.digit(image), 1e-5);
    }
    batch.load(train, new int[] {3}, 0, 1);
    assertThat(batch.size()).isEqualTo(1);
    assertClose(read(batch, 0, 784), Normalised.digit(3), 1e-5);
  }

  @Test
  void rawInputsAreThoseBeforeLayerNorm() {
    NetworkShape shape = TestData.relu(Skip.DENSE, 784, 16, 10);
    InputBatch batch = TestData.digits(shape, 2);
    byte[] pixels = TestData.sample().train().pixels();
    for (int i = 0; i < 2 * 784; i++) {
      double x = (Byte.toUnsignedInt(pixels[i]) / 255.0 - 0.1307) / 0.3081;
      assertThat((double) batch.raw().get(i)).isCloseTo(x, within(1e-6));
    }
  }

  private static void assertNormalised(LabelledImages images, double tolerance) {
    int n = images.pixelsPerImage();
    InputBatch batch = new InputBatch(TestData.relu(Skip.NONE, n, 10), PixelScale.MNIST);
    batch.load(images, new int[1], 0, 1);
    assertClose(read(batch, 0, n), Normalised.image(images, 0), tolerance);
  }

  private static void assertClose(float[] actual, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("input " + i).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** u as an update writes it: what unit coefficients add to zero weights. */
  private static float[] read(InputBatch batch, int e, int n) {
    Weights weights = new Weights(TestData.relu(Skip.NONE, n, 1));
    Floats one = Floats.of(Kernels.LANES);
    one.set(0, 1f);
    int from = batch.updateFrom(e);
    int to = batch.updateTo(e);
    Kernels.best()
        .sparseUpdate(
            batch.index(), batch.value(), from, to, one, 0, weights.layer(0), Kernels.LANES);
    float inkSum = weights.layer(0).get(Dense.inkSumRow(n) * Kernels.LANES);
    float ink = 0;
    for (int k = from; k < to - 3; k++) {
      ink += batch.value()[k];
    }
    assertThat(inkSum).isCloseTo(ink, within(1e-5f * Math.abs(ink) + 1e-6f));
    assertThat(weights.bias(0)).containsExactly(1f);
    weights.fold();
    return Arrays.copyOf(weights.published(0), n);
  }
}
