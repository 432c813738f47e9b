package org.grlu.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is read from codes, against the same by matrices of all examples. */
class CodeProbeTest {
  private static final int CLASSES = 10;
  private static final int FITTED = 500;
  private static final int HELD = 203;

  private static LabelledImages fitted;
  private static LabelledImages held;
  private static Encoder encoder;

  @BeforeAll
  static void encoder() {
    LabelledImages all = Datasets.sample().train();
    fitted = all.slice(0, FITTED);
    held = all.slice(FITTED, FITTED + HELD);
    TestSettings form = new TestSettings(FeatureSettings.Kind.AUTOENCODER);
    form.size = 24;
    encoder = SlowSystem.train(form.build(), "probe", ThreadParts.one(fitted), line -> {});
  }

  private static byte[] labels(LabelledImages images) {
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) images.label(i);
    }
    return labels;
  }

  private static CodeProbe.Measures measured(int threads) {
    ThreadParts first = new ThreadParts(fitted.unlabelled(), threads, 7);
    ThreadParts second = new ThreadParts(held.unlabelled(), threads, 8);
    return CodeProbe.fit(encoder, first, labels(fitted), CLASSES).measure(second, labels(held));
  }

  private static double[][] codes(LabelledImages images) {
    return rows(codesOf(images), encoder.size());
  }

  private static float[] codesOf(LabelledImages images) {
    float[] codes = new float[images.size() * encoder.size()];
    encoder.encode(images, 0, images.size(), codes, 0);
    return codes;
  }

  /** Pixels, and then 1 for the label. */
  private static double[][] targets(LabelledImages images) {
    int pixels = images.pixelsPerImage();
    double[][] rows = rows(Encoder.pixels(images, 0, images.size()), pixels);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOf(rows[i], pixels + CLASSES);
      rows[i][pixels + images.label(i)] = 1;
    }
    return rows;
  }

  private static double[][] rows(float[] values, int width) {
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < values.length; i++) {
      rows[i / width][i % width] = values[i];
    }
    return rows;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += row[j] / rows.length;
      }
    }
    return mean;
  }

  /** The mean of (x - mean) (t - mean)^T, a row for each value of x. */
  private static double[][] covariance(double[][] x, double[][] t) {
    double[] meanX = mean(x);
    double[] meanT = mean(t);
    double[][] sums = new double[meanX.length][meanT.length];
    for (int e = 0; e < x.length; e++) {
      for (int i = 0; i < meanX.length; i++) {
        for (int j = 0; j < meanT.length; j++) {
          sums[i][j] += (x[e][i] - meanX[i]) * (t[e][j] - meanT[j]) / x.length;
        }
      }
    }
    return sums;
  }

  /** Solves A W = B by elimination, in place: B becomes W. */
  private static void solve(double[][] a, double[][] b) {
    for (int k = 0; k < a.length; k++) {
      for (int i = 0; i < a.length; i++) {
        if (i != k) {
          double factor = a[i][k] / a[k][k];
          subtract(a[i], factor, a[k]);
          subtract(b[i], factor, b[k]);
        }
      }
    }
    for (int k = 0; k < a.length; k++) {
      for (int j = 0; j < b[k].length; j++) {
        b[k][j] /= a[k][k];
      }
    }
  }

  private static void subtract(double[] row, double factor, double[] other) {
    for (int j = 0; j < row.length; j++) {
      row[j] -= factor * other[j];
    }
  }

  private static int largest(double[] scores, int from) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = scores[from + c] > scores[from + best] ? c : best;
    }
    return best;
  }

  @Test
  void ridgeRegressionIsThatOfAllExamplesAtOnce() {
    double[][] x = codes(fitted);
    double[][] t = targets(fitted);
    double[][] c = covariance(x, x);
    double trace = 0;
    for (int i = 0; i < c.length; i++) {
      trace += c[i][i];
    }
    for (int i = 0; i < c.length; i++) {
      c[i][i] += 1e-3 * trace / c.length;
    }
    double[][] w = covariance(x, t);
    solve(c, w);
    double[] mean = mean(x);
    double[][] seen = codes(held);
    double[][] wanted = targets(held);
    int pixels = held.pixelsPerImage();
    int right = 0;
    double error = 0;
    for (int e = 0; e < HELD; e++) {
      double[] read = mean(t);
      for (int i = 0; i < c.length; i++) {
        subtract(read, mean[i] - seen[e][i], w[i]);
      }
      right += largest(read, pixels) == held.label(e) ? 1 : 0;
      for (int j = 0; j < pixels; j++) {
        error += Math.pow(read[j] - wanted[e][j], 2) / HELD / pixels;
      }
    }
    CodeProbe.Measures measures = measured(1);
    assertThat(measures.ridgeAccuracy()).isEqualTo((double) right / HELD).isGreaterThan(0.3);
    assertThat(measures.linearError()).isCloseTo(error, within(1e-6));
    assertThat(measures.squaredLength()).isCloseTo(encoder.size(), within(1e-3));
    assertThat(measures.zeros()).isZero();
  }

  @Test
  void classMeansAreThoseOfLeastDistance() {
    double[][] x = codes(fitted);
    double[][] seen = codes(held);
    int right = 0;
    for (int e = 0; e < HELD; e++) {
      int best = -1;
      double least = Double.MAX_VALUE;
      for (int c = 0; c < CLASSES; c++) {
        int label = c;
        double[] mean =
            mean(
                IntStream.range(0, FITTED)
                    .filter(i -> fitted.label(i) == label)
                    .mapToObj(i -> x[i])
                    .toArray(double[][]::new));
        subtract(mean, 1, seen[e]);
        double distance = DoubleStream.of(mean).map(v -> v * v).sum();
        if (distance < least) {
          least = distance;
          best = c;
        }
      }
      right += best == held.label(e) ? 1 : 0;
    }
    assertThat(measured(1).meansAccuracy()).isEqualTo((double) right / HELD).isGreaterThan(0.3);
  }

  @Test
  void theDecodersErrorIsThatOfItsReconstructions() {
    float[] made = encoder.reconstruct(held, 0, HELD);
    float[] images = Encoder.pixels(held, 0, HELD);
    double sum = 0;
    for (int i = 0; i < made.length; i++) {
      sum += Math.pow(made[i] - images[i], 2);
    }
    assertThat(measured(1).decoderError()).isCloseTo(sum / made.length, within(1e-9));
  }

  @Test
  void threadsAndTheirOrderChangeNoBit() {
    assertThat(measured(3)).isEqualTo(measured(1));
  }
}
