package org.grlu.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What one epoch gave and cost.
 *
 * @param epoch from 1
 * @param learningRate at its first step
 * @param noiseScale at its first step
 * @param meanReward over its perturbed passes
 * @param trainAccuracy on the first 1,000 training examples
 * @param validationAccuracy on the validation set; NaN where there is none
 * @param testAccuracy on the whole test set
 * @param hiddenSparsity for each hidden layer, the share of silent neurons over the first 1,000
 *     test examples
 * @param examples trained on in this epoch
 * @param forwardPasses that the rule's definition makes for them
 * @param cpuSeconds of this epoch, evaluation included
 * @param wallSeconds of this epoch, evaluation included
 * @param steps what its steps cost on a cluster
 */
public record EpochMetrics(
    int epoch,
    double learningRate,
    double noiseScale,
    double meanReward,
    double trainAccuracy,
    double validationAccuracy,
    double testAccuracy,
    List<Double> hiddenSparsity,
    long examples,
    long forwardPasses,
    double cpuSeconds,
    double wallSeconds,
    StepTimes steps)
    implements Serializable {

  /** The names of its numbers, as the table of epochs has them, and the numbers. */
  private static final Map<String, ToDoubleFunction<EpochMetrics>> NUMBERS = numbers();

  private static final String SPARSITY = "hidden_sparsity_";

  private static Map<String, ToDoubleFunction<EpochMetrics>> numbers() {
    Map<String, ToDoubleFunction<EpochMetrics>> numbers = new LinkedHashMap<>();
    numbers.put("epoch", EpochMetrics::epoch);
    numbers.put("learning_rate", EpochMetrics::learningRate);
    numbers.put("noise_scale", EpochMetrics::noiseScale);
    numbers.put("mean_reward", EpochMetrics::meanReward);
    numbers.put("train_accuracy", EpochMetrics::trainAccuracy);
    numbers.put("validation_accuracy", EpochMetrics::validationAccuracy);
    numbers.put("test_accuracy", EpochMetrics::testAccuracy);
    numbers.put("examples", EpochMetrics::examples);
    numbers.put("forward_passes", EpochMetrics::forwardPasses);
    numbers.put("cpu_seconds", EpochMetrics::cpuSeconds);
    numbers.put("wall_seconds", EpochMetrics::wallSeconds);
    numbers.put("step_millis", metrics -> metrics.steps.step());
    numbers.put("broadcast_millis", metrics -> metrics.steps.broadcast());
    numbers.put("schedule_millis", metrics -> metrics.steps.schedule());
    numbers.put("compute_millis", metrics -> metrics.steps.compute());
    numbers.put("fold_millis", metrics -> metrics.steps.fold());
    numbers.put("bytes_per_step", metrics -> metrics.steps.bytesPerStep());
    return numbers;
  }

  /** The names of what {@link #toNumbers} gives, for so many hidden layers. */
  static List<String> names(int hiddenLayers) {
    List<String> names = new ArrayList<>(NUMBERS.keySet());
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      names.add(SPARSITY + layer);
    }
    return names;
  }

  /** All of it as numbers; {@link #fromNumbers} reads them back exactly. */
  double[] toNumbers() {
    return DoubleStream.concat(
            NUMBERS.values().stream().mapToDouble(number -> number.applyAsDouble(this)),
            hiddenSparsity.stream().mapToDouble(share -> share))
        .toArray();
  }

  /**
   * The reverse of {@link #toNumbers}.
   *
   * @param row by name; all {@link #names} must be there, and what else is there is passed over
   */
  static EpochMetrics fromNumbers(Map<String, Double> row, int hiddenLayers) {
    return new EpochMetrics(
        row.get("epoch").intValue(),
        row.get("learning_rate"),
        row.get("noise_scale"),
        row.get("mean_reward"),
        row.get("train_accuracy"),
        row.get("validation_accuracy"),
        row.get("test_accuracy"),
        IntStream.rangeClosed(1, hiddenLayers)
            .mapToObj(layer -> row.get(SPARSITY + layer))
            .toList(),
        row.get("examples").longValue(),
        row.get("forward_passes").longValue(),
        row.get("cpu_seconds"),
        row.get("wall_seconds"),
        new StepTimes(
            row.get("step_millis"),
            row.get("broadcast_millis"),
            row.get("schedule_millis"),
            row.get("compute_millis"),
            row.get("fold_millis"),
            row.get("bytes_per_step")));
  }
}
