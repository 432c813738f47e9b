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

  /** Layer norm forgets a scale, so that floats of grey levels give what the image gives. */
  @Test
  void featuresAreNormalisedWhateverTheirScale() {
    LabelledImages image = TestData.sample().train().slice(7, 9);
    float[] levels = new float[2 * 784];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (image.pixels()[i] & 0xff) * 1e-3f;
    }
    LabelledImages features = LabelledImages.ofFloats(28, 28, 1, levels, new byte[] {3, 4});
    InputBatch batch = new InputBatch(TestData.relu(Skip.DENSE, 784, 5, 10), PixelScale.MNIST);
    batch.load(features, new int[] {0, 1}, 0, 2);
    for (int e = 0; e < 2; e++) {
      assertThat(batch.label(e)).isEqualTo(3 + e);
      assertClose(read(batch, e, 784), Normalised.image(image, e), 1e-4);
    }
    assertThat(batch.raw().get(500)).as("no scale of pixels").isEqualTo(levels[500]);

    // moved and dropped as the image is
    Augmentation augmentation = new Augmentation(0.2, 3, 9);
    InputBatch of = new InputBatch(TestData.relu(Skip.NONE, 784, 10), PixelScale.MNIST);
    of.load(image, new int[] {0, 1}, 0, 2, augmentation, 5);
    float[][] expected = {read(of, 0, 784), read(of, 1, 784)};
    of.load(features, new int[] {0, 1}, 0, 2, augmentation, 5);
    for (int e = 0; e < 2; e++) {
      float[] found = read(of, e, 784);
      for (int i = 0; i < 784; i++) {
        assertThat(found[i]).isCloseTo(expected[e][i], within(1e-4f));
      }
    }

    // negative ones too, and a constant one is zero
    float[] signed = {-3, 1, 0, 2, 5, 5, 5, 5};
    LabelledImages vectors = LabelledImages.ofFloats(1, 4, 1, signed, new byte[2]);
    InputBatch four = new InputBatch(TestData.relu(Skip.NONE, 4, 10), PixelScale.MNIST);
    four.load(vectors, new int[] {0, 1}, 0, 2);
    double deviation = Math.sqrt(14 / 4.0);
    assertClose(
        read(four, 0, 4), new double[] {-3 / deviation, 1 / deviation, 0, 2 / deviation}, 1e-6);
    assertClose(read(four, 1, 4), new double[4], 1e-6);
  }

  @Test
  void withoutLayerNormInputsAreReadAsTheyAre() {
    PixelScale scale = new PixelScale(0.1307, 0.3081, InputNorm.NONE);
    float[] signed = {-3, 1, 0, 2, 5, 5, 5, 5};
    LabelledImages vectors = LabelledImages.ofFloats(1, 4, 1, signed, new byte[2]);
    InputBatch four = new InputBatch(TestData.relu(Skip.NONE, 4, 10), scale);
    four.load(vectors, new int[] {0, 1}, 0, 2);
    assertThat(read(four, 0, 4)).containsExactly(-3, 1, 0, 2);
    assertThat(read(four, 1, 4)).containsExactly(5, 5, 5, 5);
    assertThat(four.updateTo(0) - four.updateFrom(0)).as("what is 0 is skipped").isEqualTo(3 + 3);
    four.load(new float[][] {{4, 0, -1, 1}}, new int[1]);
    assertThat(read(four, 0, 4)).containsExactly(4, 0, -1, 1);

    NetworkShape shape = TestData.relu(Skip.NONE, 784, 3);
    InputBatch batch = new InputBatch(shape, scale);
    LabelledImages train = TestData.sample().train();
    batch.load(train, new int[] {8, 3}, 0, 2);
    Weights weights = Weights.initial(shape, 4);
    weights.set(0, weights.published(0), new float[] {1, 2, 3});
    for (int e = 0; e < 2; e++) {
      float[] x = read(batch, e, 784);
      double[] expected = {1, 2, 3};
      for (int i = 0; i < 784; i++) {
        int grey = Byte.toUnsignedInt(train.pixels()[new int[] {8, 3}[e] * 784 + i]);
        assertThat((double) x[i]).isCloseTo((grey / 255.0 - 0.1307) / 0.3081, within(1e-6));
        for (int j = 0; j < 3; j++) {
          expected[j] += (double) x[i] * weights.published(0)[j * 784 + i];
        }
      }
      Floats z = Floats.of(Kernels.LANES);
      batch.firstLayer(Kernels.best(), weights, e, z, 0);
      assertClose(z.toArray(), expected, 1e-4);
    }
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
    double ink = 0;
    for (int k = from; k < to - 3; k++) {
      ink += batch.value()[k];
    }
    assertThat((double) inkSum).isCloseTo(ink, within(1e-5 * Math.abs(ink) + 1e-6));
    assertThat(weights.bias(0)).containsExactly(1f);
    weights.fold();
    return Arrays.copyOf(weights.published(0), n);
  }
}
