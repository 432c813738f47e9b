package org.grlu.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The noise as training draws it, 10 million numbers a distribution. Seeds are fixed, so each test
 * fails always or never; the odds are those that another seed, or another hash as good as chance,
 * would fail.
 */
class NoiseStatisticsTest {
  private static final int ROWS = 39_063;
  private static final long SEED = 7;

  /** Times 1/sqrt(n), what Kolmogorov's statistic exceeds with odds 1e-6. */
  private static final double KOLMOGOROV = Math.sqrt(Math.log(2 / 1e-6) / 2);

  private static double standardErrors(double count, double one, Sample sample) {
    return count * one / Math.sqrt(sample.size());
  }

  /** Six standard errors each, 1, sqrt 2, sqrt 6, sqrt 24 by sqrt n: odds 2e-9 a moment. */
  @Test
  void gaussianHasItsMoments() {
    Sample sample = new Rows(Rows.Source.GAUSSIAN, SEED).sample(ROWS);
    double mean = standardErrors(6, 1, sample);
    double variance = standardErrors(6, Math.sqrt(2), sample);
    double skewness = standardErrors(6, Math.sqrt(6), sample);
    double kurtosis = standardErrors(6, Math.sqrt(24), sample);
    assertThat(Math.max(Math.max(mean, variance), Math.max(skewness, kurtosis))).isLessThan(0.01);
    assertThat(sample.mean()).isCloseTo(0, within(mean));
    assertThat(sample.centralMoment(2)).isCloseTo(1, within(variance));
    assertThat(sample.skewness()).isCloseTo(0, within(skewness));
    assertThat(sample.excessKurtosis()).isCloseTo(0, within(kurtosis));
  }

  /** Mean and skewness are off by 1 and 2 standard errors of the mean: six of each, odds 2e-9. */
  @Test
  void rademacherHasItsMoments() {
    Sample sample = new Rows(Rows.Source.RADEMACHER, SEED).sample(ROWS);
    assertThat(sample.mean()).isCloseTo(0, within(standardErrors(6, 1, sample)));
    assertThat(sample.centralMoment(2)).isCloseTo(1, within(1e-5));
    assertThat(sample.skewness()).isCloseTo(0, within(standardErrors(6, 2, sample)));
    assertThat(sample.excessKurtosis()).isCloseTo(-2, within(1e-4));
    assertThat(sample.beyond(1)).isZero();
  }

  /**
   * Six standard errors each: odds 2e-9 a moment for what is nearly normal, up to 1e-6 for the
   * kurtosis, whose own distribution is skewed. The standard errors are those of the delta method
   * over the true central moments up to the eighth.
   */
  @Test
  void gumbelHasItsMoments() {
    Sample sample = new Rows(Rows.Source.GUMBEL, SEED).sample(ROWS);
    assertThat(sample.mean()).isCloseTo(0.57721566, within(standardErrors(6, 1.283, sample)));
    assertThat(sample.centralMoment(2))
        .isCloseTo(Math.PI * Math.PI / 6, within(standardErrors(6, 3.450, sample)));
    assertThat(sample.skewness()).isCloseTo(1.1395470994, within(standardErrors(6, 5.629, sample)));
    assertThat(sample.excessKurtosis()).isCloseTo(2.4, within(standardErrors(6, 41.0, sample)));
  }

  /** Odds 1e-6. */
  @Test
  void gaussianIsNormallyDistributed() {
    Sample sample = new Rows(Rows.Source.GAUSSIAN, SEED + 1).sample(ROWS);
    assertThat(sample.distance(Sample.normal())).isLessThan(standardErrors(KOLMOGOROV, 1, sample));
  }

  /** Odds 1e-6. */
  @Test
  void gumbelHasItsDistribution() {
    Sample sample = new Rows(Rows.Source.GUMBEL, SEED + 1).sample(ROWS);
    assertThat(sample.distance(x -> Math.exp(-Math.exp(-x))))
        .isLessThan(standardErrors(KOLMOGOROV, 1, sample));
  }

  /** 633 draws are due beyond 4 sigma, give or take 25: a quarter is six of those, odds 2e-9. */
  @Test
  void gaussianHasItsTails() {
    Sample sample = new Rows(Rows.Source.GAUSSIAN, SEED + 2).sample(ROWS);
    double due = 6.334248e-5;
    assertThat(sample.beyond(4)).isBetween(0.75 * due, 1.25 * due);
    assertThat(sample.beyond(5)).isLessThan(1.5e-6);
  }

  /** Of 200 million draws 115 are due beyond 5 sigma, give or take 11: six of those. */
  @Test
  void gaussianHasItsFarTails() {
    int beyond5 = 0;
    float largest = 0;
    for (int part = 0; part < 20; part++) {
      Sample sample = new Rows(Rows.Source.GAUSSIAN, SEED + 5 + part).sample(ROWS);
      beyond5 += (int) Math.round(sample.beyond(5) * sample.size());
      largest = Math.max(largest, sample.largest());
    }
    assertThat(beyond5).isBetween(51, 179);
    assertThat(largest).isBetween(5.4f, 6.56f);
  }

  /**
   * Radius and angle of a pair come of one hash: 10 million pairs in 64 x 64 cells of what should
   * be an even square of u = exp(-r^2/2) and angle, and those far out, which an uneven hash would
   * show first, in 64 cells of the angle alone. Chi-square to six of its standard errors.
   */
  @Test
  void radiusAndAngleOfAPairAreIndependent() {
    int cells = 64;
    int[] all = new int[cells * cells];
    int[] far = new int[cells];
    for (int part = 0; part < 2; part++) {
      Rows rows = new Rows(Rows.Source.GAUSSIAN, SEED + 30 + part);
      float[] row = new float[Rows.UNITS];
      for (int i = 0; i < ROWS; i++) {
        rows.draw(Rows.place(i), row, 0);
        for (int u = 0; u < Rows.UNITS; u += u % 16 == 15 ? 17 : 1) {
          double square = (double) row[u] * row[u] + (double) row[u + 16] * row[u + 16];
          double turn = 0.5 + Math.atan2(row[u + 16], row[u]) / (2 * Math.PI);
          int angle = Math.min(cells - 1, (int) (turn * cells));
          int radius = Math.min(cells - 1, (int) (Math.exp(-square / 2) * cells));
          all[radius * cells + angle]++;
          if (square > 16) {
            far[angle]++;
          }
        }
      }
    }
    assertThat(Arrays.stream(far).sum()).isGreaterThan(3000);
    assertEven(all);
    assertEven(far);
  }

  private static void assertEven(int[] counts) {
    double due = Arrays.stream(counts).asLongStream().sum() / (double) counts.length;
    double chiSquare = Arrays.stream(counts).mapToDouble(n -> (n - due) * (n - due) / due).sum();
    double free = counts.length - 1;
    assertThat(chiSquare).isCloseTo(free, within(6 * Math.sqrt(2 * free)));
  }

  /** Sizes too, which signs would hide: five standard errors. */
  @Test
  void sizesOfAPairAreUncorrelated() {
    Rows rows = new Rows(Rows.Source.GAUSSIAN, SEED + 40);
    int n = 8192;
    int half = Rows.UNITS / 2;
    float[] row = new float[Rows.UNITS];
    float[] x = new float[n * half];
    float[] y = new float[n * half];
    for (int i = 0; i < n; i++) {
      rows.draw(Rows.place(i), row, 0);
      for (int k = 0; k < half; k++) {
        int u = k / 16 * 32 + k % 16;
        x[i * half + k] = row[u] * row[u];
        y[i * half + k] = row[u + 16] * row[u + 16];
      }
    }
    assertUncorrelated(x, y);
  }

  /** Five standard errors: odds 6e-7 each, 2e-5 for all 24. */
  @TestFactory
  Stream<DynamicTest> neighboursAreUncorrelated() {
    return Arrays.stream(Rows.Source.values()).flatMap(NoiseStatisticsTest::neighbours);
  }

  private static Stream<DynamicTest> neighbours(Rows.Source source) {
    return Stream.of(
        rows(source, "step", p -> at(p, 1, 0, 0, 0)),
        rows(source, "example", p -> at(p, 0, 1, 0, 0)),
        rows(source, "perturbation", p -> at(p, 0, 0, 1, 0)),
        rows(source, "layer", p -> at(p, 0, 0, 0, 1)),
        units(source, 1),
        units(source, 2),
        units(source, 16),
        units(source, 32));
  }

  private static Rows.Place at(Rows.Place p, int step, int example, int perturbation, int layer) {
    return new Rows.Place(
        p.step() + step, p.example() + example, p.perturbation() + perturbation, p.layer() + layer);
  }

  /** Places of even numbers, so that no row stands on both sides. */
  private static DynamicTest rows(
      Rows.Source source, String what, UnaryOperator<Rows.Place> neighbour) {
    return DynamicTest.dynamicTest(
        source + ", next " + what,
        () -> {
          Rows rows = new Rows(source, SEED + 3);
          int n = 4096;
          float[] x = new float[n * Rows.UNITS];
          float[] y = new float[n * Rows.UNITS];
          for (int i = 0; i < n; i++) {
            Rows.Place place = new Rows.Place(2 * (i >> 6), 2 * ((i >> 3) & 7), 2 * (i & 7), 2);
            Rows.Place even = what.equals("layer") ? at(place, 0, 0, 0, -(i & 1) * 2) : place;
            rows.draw(even, x, i * Rows.UNITS);
            rows.draw(neighbour.apply(even), y, i * Rows.UNITS);
          }
          assertUncorrelated(x, y);
        });
  }

  private static DynamicTest units(Rows.Source source, int apart) {
    return DynamicTest.dynamicTest(
        source + ", unit + " + apart,
        () -> {
          Rows rows = new Rows(source, SEED + 4);
          int n = 4096;
          int pairs = Rows.UNITS - apart;
          float[] row = new float[Rows.UNITS];
          float[] x = new float[n * pairs];
          float[] y = new float[n * pairs];
          for (int i = 0; i < n; i++) {
            rows.draw(Rows.place(i), row, 0);
            System.arraycopy(row, 0, x, i * pairs, pairs);
            System.arraycopy(row, apart, y, i * pairs, pairs);
          }
          assertUncorrelated(x, y);
        });
  }

  private static void assertUncorrelated(float[] x, float[] y) {
    assertThat(Math.abs(Sample.correlation(x, y))).isLessThan(5 / Math.sqrt(x.length));
  }
}
