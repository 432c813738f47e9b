package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      List<String> names = EpochMetrics.names(sparsity.size());
      double[] numbers = metrics.toNumbers();
      assertThat(numbers).hasSize(names.size());
      Map<String, Double> row = new HashMap<>(Map.of("a_metric_of_tomorrow", 1.0));
      for (int i = 0; i < numbers.length; i++) {
        row.put(names.get(i), numbers[i]);
      }
      assertThat(EpochMetrics.fromNumbers(row, sparsity.size())).isEqualTo(metrics);
    }
  }
}
