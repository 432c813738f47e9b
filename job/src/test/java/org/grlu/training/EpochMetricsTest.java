package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EpochMetricsTest {

  @Test
  void numbersComeBackExactly() {
    for (List<Double> sparsity : List.of(List.<Double>of(), List.of(0.5), List.of(0.1, 1.0 / 3))) {
      EpochMetrics metrics =
          new EpochMetrics(
              7,
              0.1,
              1e-300,
              -2.3,
              0.9,
              Double.NaN,
              1 / 3.0,
              sparsity,
              60_000,
              1L << 52,
              1.5,
              2.5,
              StepTimes.NONE);
      assertThat(EpochMetrics.fromNumbers(metrics.toNumbers())).isEqualTo(metrics);
    }
  }
}
