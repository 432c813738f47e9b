package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against figures that others computed. */
class StatisticsTest {
  /**
   * Extra hours of sleep of ten patients under two drugs, their differences: "The probable error of
   * a mean", Student, Biometrika 6 (1908); R's data set sleep.
   */
  private static final double[] SLEEP = {1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4};

  @Test
  void theIntervalIsWhatRSays() {
    // R: with(sleep, t.test(extra[group == 2], extra[group == 1], paired = TRUE))
    Sample sample = Sample.of(SLEEP);
    assertThat(sample.size()).isEqualTo(10);
    assertThat(sample.mean()).isCloseTo(1.58, within(1e-12));
    assertThat(sample.low()).isCloseTo(0.7001142, within(1e-7));
    assertThat(sample.high()).isCloseTo(2.4598858, within(1e-7));
    // t = mean / (deviation / sqrt(10)) is given as 4.0621
    assertThat(sample.mean() / (sample.deviation() / Math.sqrt(10)))
        .isCloseTo(4.0621, within(5e-5));
  }

  @Test
  void thePValueIsWhatRSays() {
    assertThat(PairedTest.pValue(SLEEP)).isCloseTo(0.002833, within(5e-7));
    double[] turned = SLEEP.clone();
    for (int i = 0; i < turned.length; i++) {
      turned[i] = -turned[i];
    }
    assertThat(PairedTest.pValue(turned)).isEqualTo(PairedTest.pValue(SLEEP));
  }

  @Test
  void theTablesQuantilesOfStudentsT() {
    // two-sided 95 %: 12.706 for 1 degree of freedom, 4.303 for 2, 2.776 for 4
    assertThat(Sample.of(new double[] {0, 2}).high() - 1).isCloseTo(12.706, within(5e-4));
    assertThat(Sample.of(new double[] {-1, 0, 1}).high() * Math.sqrt(3))
        .isCloseTo(4.303, within(5e-4));
    double[] five = {-2, -1, 0, 1, 2};
    assertThat(Sample.of(five).high() * Math.sqrt(5 / 2.5)).isCloseTo(2.776, within(5e-4));
  }

  @Test
  void holmAdjustsAsRDoes() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    assertThat(PairedTest.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.03, 0.06, 0.06, 0.02);
    assertThat(PairedTest.holm(new double[] {0.6, 0.9})).containsExactly(1, 1);
    assertThat(PairedTest.holm(new double[0])).isEmpty();
  }

  @Test
  void fewOrEqualValues() {
    assertThat(Sample.of(new double[0])).isEqualTo(new Sample(0, null, null, null, null));
    assertThat(Sample.of(new double[] {0.5})).isEqualTo(new Sample(1, 0.5, null, null, null));
    assertThat(PairedTest.pValue(new double[] {0.1})).isNaN();
    assertThat(PairedTest.pValue(new double[] {0, 0, 0})).isEqualTo(1);
    assertThat(PairedTest.pValue(new double[] {0.5, 0.5})).isZero();
  }
}
