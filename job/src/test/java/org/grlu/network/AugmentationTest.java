package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.Test;

/** Training images as they are presented. */
class AugmentationTest {
  private static final LabelledImages DIGITS = TestData.sample().train();

  private static byte[] changed(
      LabelledImages images, int image, Augmentation augmentation, long presentation) {
    byte[] pixels = new byte[images.pixelsPerImage()];
    int[] index = new int[pixels.length];
    float[] value = new float[pixels.length];
    int inked = 0;
    for (int i = 0; i < pixels.length; i++) {
      int grey = images.pixels()[image * pixels.length + i] & 0xff;
      index[inked] = i;
      value[inked] = grey;
      inked += grey == 0 ? 0 : 1;
    }
    int end = augmentation.change(images, presentation, index, value, 0, inked);
    for (int k = 0; k < end; k++) {
      assertThat(pixels[index[k]]).isZero();
      pixels[index[k]] = (byte) value[k];
    }
    return pixels;
  }

  private static byte[] moved(LabelledImages images, int image, int right, int down) {
    int columns = images.columns();
    byte[] out = new byte[images.pixelsPerImage()];
    for (int y = 0; y < images.rows(); y++) {
      for (int x = 0; x < columns; x++) {
        int fromX = x - right;
        int fromY = y - down;
        if (fromX >= 0 && fromX < columns && fromY >= 0 && fromY < images.rows()) {
          out[y * columns + x] = images.pixels()[image * out.length + fromY * columns + fromX];
        }
      }
    }
    return out;
  }

  /**
   * 2,500 presentations, 25 moves of 100 each expected. Chi-square with 24 degrees of freedom is
   * above 67 once in 150,000 times; the key is fixed.
   */
  @Test
  void imagesMoveByEachNumberOfPixelsAlikeAndLoseWhatLeavesThem() {
    // 4 x 3 pixels, inked to the edges
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, (byte) 200};
    LabelledImages images = new LabelledImages(4, 3, pixels, new byte[1]);
    Augmentation augmentation = new Augmentation(0, 2, 7);
    int[] counts = new int[25];
    for (int presentation = 0; presentation < 2500; presentation++) {
      byte[] found = changed(images, 0, augmentation, presentation);
      int matches = 0;
      for (int move = 0; move < 25; move++) {
        if (Arrays.equals(found, moved(images, 0, move % 5 - 2, move / 5 - 2))) {
          counts[move]++;
          matches++;
        }
      }
      assertThat(matches).as("of presentation " + presentation).isEqualTo(1);
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - 100) * (count - 100) / 100.0;
    }
    assertThat(chiSquare).isLessThan(67);
  }

  /** Five standard errors: once in 1.7 million times; the key is fixed. */
  @Test
  void inkedPixelsAreDroppedWithTheirProbability() {
    Augmentation augmentation = new Augmentation(0.3, 0, 8);
    Set<String> seen = new HashSet<>();
    int inked = 0;
    int kept = 0;
    for (int presentation = 0; presentation < 500; presentation++) {
      int image = presentation % 5;
      byte[] found = changed(DIGITS, image, augmentation, 1L << 40 | presentation);
      for (int i = 0; i < found.length; i++) {
        byte pixel = DIGITS.pixels()[image * found.length + i];
        assertThat(found[i]).isIn((byte) 0, pixel);
        inked += pixel == 0 ? 0 : 1;
        kept += found[i] == 0 ? 0 : 1;
      }
      seen.add(Arrays.toString(found));
    }
    double error = Math.sqrt(0.3 * 0.7 / inked);
    assertThat((double) kept / inked).isCloseTo(0.7, within(5 * error));
    assertThat(seen).as("no two presentations alike").hasSize(500);
  }

  @Test
  void whatIsLeftIsNormalised() {
    NetworkShape shape = TestData.relu(Skip.DENSE, 784, 10, 10);
    Augmentation augmentation = new Augmentation(0.2, 3, 9);
    InputBatch batch = new InputBatch(shape, PixelScale.MNIST);
    batch.load(DIGITS, new int[] {4, 8, 15}, 0, 3, augmentation, 77);
    for (int e = 0; e < 3; e++) {
      int image = new int[] {4, 8, 15}[e];
      byte[] pixels = changed(DIGITS, image, augmentation, 77 + e);
      LabelledImages alone = new LabelledImages(28, 28, pixels, new byte[1]);
      double[] expected = Normalised.image(alone, 0);
      float[] found = new float[784];
      int last = batch.updateTo(e) - 3;
      Arrays.fill(found, batch.value()[last + 1]);
      for (int k = batch.updateFrom(e); k < last; k++) {
        found[batch.index()[k]] += batch.value()[k];
      }
      for (int i = 0; i < 784; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
        double raw = (Byte.toUnsignedInt(pixels[i]) / 255.0 - 0.1307) / 0.3081;
        assertThat((double) batch.raw().get(e * 784 + i)).isCloseTo(raw, within(1e-6));
      }
      assertThat(batch.label(e)).isEqualTo(DIGITS.label(image));
    }
  }

  /** All that a step in parts needs: a part's images are those of the whole. */
  @Test
  void presentationsAreTheSameInAnyPart() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 10);
    Augmentation augmentation = new Augmentation(0.2, 3, 9);
    int[] order = {3, 1, 4, 1, 5, 9};
    InputBatch whole = new InputBatch(shape, PixelScale.MNIST);
    whole.load(DIGITS, order, 0, 6, augmentation, 60);
    InputBatch part = new InputBatch(shape, PixelScale.MNIST);
    for (int e = 0; e < 6; e++) {
      part.load(DIGITS, order, e, 1, augmentation, 60 + e);
      int from = whole.updateFrom(e);
      int to = whole.updateTo(e);
      assertThat(Arrays.copyOfRange(part.index(), 1, part.updateTo(0)))
          .containsExactly(Arrays.copyOfRange(whole.index(), from, to));
      assertThat(Arrays.copyOfRange(part.value(), 1, part.updateTo(0)))
          .containsExactly(Arrays.copyOfRange(whole.value(), from, to));
    }
  }

  @Test
  void anImageThatIsAllGoneBecomesZero() {
    LabelledImages images = new LabelledImages(1, 2, new byte[] {5, 6}, new byte[1]);
    InputBatch batch = new InputBatch(TestData.relu(Skip.NONE, 2, 10), PixelScale.MNIST);
    Augmentation augmentation = new Augmentation(0.999999, 0, 1);
    batch.load(images, new int[1], 0, 1, augmentation, 3);
    assertThat(batch.updateTo(0) - batch.updateFrom(0)).as("entries: no pixel").isEqualTo(3);
    for (int row = 1; row <= 2; row++) {
      assertThat(batch.value()[batch.updateFrom(0) + row]).isZero();
    }
  }

  /** As if each channel were an image of its own. */
  @Test
  void channelsMoveTogether() {
    byte[] pixels = new byte[2 * 3 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i + 1);
    }
    LabelledImages coloured = new LabelledImages(2, 3, 3, pixels, new byte[1]);
    Augmentation augmentation = new Augmentation(0, 1, 11);
    Set<String> seen = new HashSet<>();
    for (int presentation = 0; presentation < 60; presentation++) {
      byte[] found = changed(coloured, 0, augmentation, presentation);
      for (int channel = 0; channel < 3; channel++) {
        byte[] plane = new byte[6];
        byte[] moved = new byte[6];
        for (int i = 0; i < 6; i++) {
          plane[i] = pixels[3 * i + channel];
          moved[i] = found[3 * i + channel];
        }
        LabelledImages grey = new LabelledImages(2, 3, plane, new byte[1]);
        assertThat(moved).isEqualTo(changed(grey, 0, augmentation, presentation));
      }
      seen.add(Arrays.toString(found));
    }
    // one of nine is missing once in 130 times; the key is fixed
    assertThat(seen).hasSize(9);
  }
}
