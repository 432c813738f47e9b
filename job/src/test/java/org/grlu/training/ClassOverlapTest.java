package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.InputNorm;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.rule.Backprop;
import org.junit.jupiter.api.Test;

/** Worked codes. */
class ClassOverlapTest {
  private static double cosine(InputNorm norm, int classes, float[] codes, int... labels) {
    int inputs = codes.length / labels.length;
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    TrainingSettings training =
        new TrainingSettings(1, 1, new Linear(1, 1), new Cosine(1, 1), Schedule.PER_STEP, 1);
    TrialSettings settings =
        new TrialSettings(
            TestData.relu(Skip.NONE, inputs, classes),
            new PixelScale(0.5, 2, norm),
            new Backprop(),
            training);
    return ClassOverlap.largestCosine(
        settings, LabelledImages.ofFloats(1, inputs, 1, codes, bytes), classes);
  }

  @Test
  void itIsTheLargestCosineOfTwoMeans() {
    // means (2, 1, 0), (0, 1, 0), (0, 0, 5): 1/sqrt(5), and 0 twice
    float[] codes = {3, 2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 5};
    assertThat(cosine(InputNorm.NONE, 3, codes, 0, 1, 0, 2))
        .isCloseTo(1 / Math.sqrt(5), within(1e-6));
    assertThat(cosine(InputNorm.NONE, 2, new float[] {1, 1, -1, 0}, 0, 1))
        .isCloseTo(-Math.sqrt(0.5), within(1e-6));
  }

  @Test
  void itIsOfWhatTheNetworkReadsAfterNorm() {
    // (0, 1) and (5, 3) become (-1, 1) and (1, -1)
    assertThat(cosine(InputNorm.LAYER, 2, new float[] {0, 1, 5, 3}, 0, 1))
        .isCloseTo(-1, within(1e-6));
  }

  @Test
  void fewerThanTwoClassesHaveNone() {
    assertThat(cosine(InputNorm.NONE, 3, new float[] {1, 2, 3, 4, 0, 0}, 1, 1, 0)).isNaN();
  }
}
