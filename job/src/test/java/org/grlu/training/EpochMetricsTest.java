package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochMetricsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void numbersComeBackExactly(int hiddenLayers) {
    Map<String, List<Double>> values = new HashMap<>();
    EpochMetrics.of(TestData.epochEnd(7, hiddenLayers))
        .numbers()
        .forEach((name, given) -> values.put(name, given.stream().map(x -> x / 3).toList()));
    values.put("noise_scale", List.of(1e-300));
    values.put("forward_passes", List.of((double) (1L << 52)));
    values.put("task_accuracy", List.of(0.5, 0.25, Double.NaN));
    values.put("task_validation_accuracy", List.of(0.1, 0.2, 0.3));
    EpochMetrics metrics = new EpochMetrics(values);
    List<EpochMetric> all = EpochMetric.all();
    List<String> names = EpochMetrics.names(all, hiddenLayers, 3);
    double[] numbers = metrics.toNumbers(all, hiddenLayers, 3);
    assertThat(numbers).hasSize(18 + 6 + 8 * hiddenLayers + 11 + 2 * 3).hasSize(names.size());
    Map<String, Double> row = new HashMap<>(Map.of("a_metric_of_tomorrow", 1.0));
    for (int i = 0; i < numbers.length; i++) {
      row.put(names.get(i), numbers[i]);
    }
    assertThat(EpochMetrics.fromNumbers(all, row, hiddenLayers, 3)).isEqualTo(metrics);
    assertThat(metrics.forwardPasses()).isEqualTo(1L << 52);
    assertThat(metrics.validationAccuracy()).isNaN();
  }
}
