package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.grlu.TestData;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.junit.jupiter.api.Test;

class WhiteningTest {
  private static final LabelledImages IMAGES = TestData.sample().train().slice(0, 300);
  private static final int PATCH = 5;
  private static final int FILTERS = 6;
  private static final double RIDGE = 0.01;

  private static List<Stage> patches() {
    float[] filters = Normals.of(1, 1, FILTERS * PATCH * PATCH);
    for (int f = 0; f < FILTERS; f++) {
      PatchSample.normalise(filters, f * PATCH * PATCH, PATCH * PATCH);
    }
    return List.of(new Patches(IMAGES.rows(), IMAGES.columns(), PATCH, 3, FILTERS, filters));
  }

  private static Moments moments(List<Stage> stages, int threads) {
    int d = stages.get(stages.size() - 1).outputs();
    return Moments.of(
        new ThreadParts(IMAGES.unlabelled(), threads, threads), stages, d, IMAGES.size());
  }

  private static Moments moments(Stage... after) {
    List<Stage> stages = new ArrayList<>(patches());
    stages.addAll(List.of(after));
    return moments(stages, 1);
  }

  @Test
  void momentsAreThoseOfTheirDefinition() {
    int d = patches().get(0).outputs();
    float[] codes = Encoder.codes(patches(), IMAGES, 0, IMAGES.size());
    Moments moments = moments();
    for (int i = 0; i < d; i += 5) {
      for (int j = 0; j < d; j++) {
        double meanI = 0;
        double meanJ = 0;
        for (int e = 0; e < IMAGES.size(); e++) {
          meanI += codes[e * d + i] / (double) IMAGES.size();
          meanJ += codes[e * d + j] / (double) IMAGES.size();
        }
        double covariance = 0;
        for (int e = 0; e < IMAGES.size(); e++) {
          covariance += (codes[e * d + i] - meanI) * (codes[e * d + j] - meanJ);
        }
        assertThat(moments.mean()[i]).isCloseTo(meanI, within(1e-12));
        assertThat(moments.covariance()[i * d + j])
            .isCloseTo(covariance / IMAGES.size(), within(1e-12));
      }
    }
  }

  @Test
  void threadsAndTheirOrderChangeNoBit() {
    Moments one = moments(patches(), 1);
    for (int threads : new int[] {2, 7}) {
      Moments other = moments(patches(), threads);
      assertThat(other.mean()).containsExactly(one.mean());
      assertThat(other.covariance()).containsExactly(one.covariance());
    }
  }

  @Test
  void covarianceOfWhiteCodesIsThatOfTheRidge() {
    Moments raw = moments();
    int d = raw.mean().length;
    DMatrixRMaj c = DMatrixRMaj.wrap(d, d, raw.covariance());
    DMatrixRMaj more = c.copy();
    double lambda = RIDGE * CommonOps_DDRM.trace(c) / d;
    for (int i = 0; i < d; i++) {
      more.data[i * d + i] += lambda;
    }
    CommonOps_DDRM.invert(more);
    DMatrixRMaj expected = new DMatrixRMaj(d, d);
    CommonOps_DDRM.mult(c, more, expected);
    Moments white = moments(Whitening.of(raw).zca(RIDGE, false));
    for (int i = 0; i < d * d; i++) {
      assertThat(white.covariance()[i]).isCloseTo(expected.data[i], within(1e-4));
    }
  }

  @Test
  void standardisedCodesHaveDeviationsOfOne() {
    Moments raw = moments();
    Moments white = moments(Whitening.of(raw).zca(RIDGE, true));
    int d = white.mean().length;
    assertThat(Arrays.stream(white.covariance()).filter(v -> v > 0.9).count())
        .isGreaterThan(d * 9 / 10);
    for (int i = 0; i < d; i++) {
      assertThat(white.mean()[i]).isCloseTo(0, within(1e-4));
      double variance = raw.covariance()[i * d + i] > 0 ? 1 : 0;
      assertThat(white.covariance()[i * d + i]).isCloseTo(variance, within(1e-3));
    }
  }

  @Test
  void componentsAreUncorrelatedAndTheLargest() {
    int kept = 10;
    Whitening whitening = Whitening.of(moments());
    Moments components = moments(whitening.components(kept));
    for (int i = 0; i < kept; i++) {
      for (int j = 0; j < kept; j++) {
        assertThat(components.covariance()[i * kept + j]).isCloseTo(i == j ? 1 : 0, within(1e-3));
      }
    }
    assertThat(whitening.variances()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  /** Pixels at the border are always 0: their values stay so, and nothing is divided by zero. */
  @Test
  void constantValuesBecomeZeros() {
    LabelledImages small = SmallImages.of(100);
    int d = small.pixelsPerImage();
    Moments moments = Moments.of(ThreadParts.one(small), List.of(), d, small.size());
    assertThat(moments.covariance()[0]).isZero();
    Linear zca = Whitening.of(moments).zca(RIDGE, true);
    float[] codes = Encoder.codes(List.of(zca), small, 0, small.size());
    float largest = 0;
    for (int i = 0; i < codes.length; i++) {
      largest = i % d == 0 ? Math.max(largest, Math.abs(codes[i])) : largest;
    }
    assertThat(largest).isLessThan(1e-6f);
    assertThat(Floats.over(codes).finite()).isTrue();
  }
}
