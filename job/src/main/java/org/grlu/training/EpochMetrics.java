package org.grlu.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one epoch gave and cost: the numbers of every {@link EpochMetric}.
 *
 * @param numbers by the metric's name; one each, or one for each layer
 */
public record EpochMetrics(Map<String, List<Double>> numbers) implements Serializable {

  public EpochMetrics {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    numbers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    numbers = Collections.unmodifiableMap(copy);
  }

  /** Those of an epoch that has just ended. */
  public static EpochMetrics of(EpochEnd end) {
    Map<String, List<Double>> numbers = new LinkedHashMap<>();
    EpochMetric.all().forEach(metric -> numbers.put(metric.name(), metric.value().apply(end)));
    return new EpochMetrics(numbers);
  }

  /** From 1. */
  public int epoch() {
    return (int) number("epoch");
  }

  /** Over its perturbed passes. */
  public double meanReward() {
    return number("mean_reward");
  }

  /** On the first 1,000 training examples. */
  public double trainAccuracy() {
    return number("train_accuracy");
  }

  /** On the validation set; NaN where there is none. */
  public double validationAccuracy() {
    return number("validation_accuracy");
  }

  /** On the whole test set. */
  public double testAccuracy() {
    return number("test_accuracy");
  }

  /** For each hidden layer, the share of silent neurons over the first 1,000 test examples. */
  public List<Double> hiddenSparsity() {
    return numbers.get("hidden_sparsity");
  }

  /** Trained on in this epoch. */
  public long examples() {
    return (long) number("examples");
  }

  /** That the rule's definition makes for them. */
  public long forwardPasses() {
    return (long) number("forward_passes");
  }

  /** Of this epoch, evaluation included. */
  public double cpuSeconds() {
    return number("cpu_seconds");
  }

  /** Of this epoch, evaluation included. */
  public double wallSeconds() {
    return number("wall_seconds");
  }

  /** Whether its estimates were compared with the gradient. */
  public boolean diagnosed() {
    return !Double.isNaN(number("diagnostics_cpu_seconds"));
  }

  /** On the test set, by task; none without tasks. */
  public List<Double> taskAccuracies() {
    return numbers.getOrDefault(EpochMetric.OF_TASKS, List.of());
  }

  /** On the validation set, by task; none without tasks. */
  public List<Double> taskValidationAccuracies() {
    return numbers.getOrDefault(EpochMetric.OF_TASKS_VALIDATION, List.of());
  }

  /** See {@link ClassOverlap}; NaN where it was not computed. */
  double classCosine() {
    return numbers.getOrDefault(EpochMetric.CLASS_COSINE, List.of(Double.NaN)).get(0);
  }

  /** How many tasks it has accuracies of. */
  int tasks() {
    return taskAccuracies().size();
  }

  private double number(String name) {
    return numbers.get(name).get(0);
  }

  /** The names of what {@link #toNumbers} gives, for so many hidden layers and tasks. */
  static List<String> names(List<EpochMetric> metrics, int hiddenLayers, int tasks) {
    List<String> names = new ArrayList<>();
    List<String> ofLayers = new ArrayList<>();
    for (EpochMetric metric : metrics) {
      (metric.type().isList() ? ofLayers : names).addAll(metric.names(hiddenLayers, tasks));
    }
    names.addAll(ofLayers);
    return names;
  }

  /** All of it as numbers, NaN what it lacks; {@link #fromNumbers} reads them back exactly. */
  double[] toNumbers(List<EpochMetric> metrics, int hiddenLayers, int tasks) {
    Map<String, Double> row = new LinkedHashMap<>();
    for (EpochMetric metric : metrics) {
      List<String> names = metric.names(hiddenLayers, tasks);
      List<Double> values = numbers.get(metric.name());
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), values == null ? Double.NaN : values.get(i));
      }
    }
    return names(metrics, hiddenLayers, tasks).stream().mapToDouble(row::get).toArray();
  }

  /**
   * The reverse of {@link #toNumbers}.
   *
   * @param row by name; what is required must be there, and what no metric has is passed over
   */
  static EpochMetrics fromNumbers(
      List<EpochMetric> metrics, Map<String, Double> row, int hiddenLayers, int tasks) {
    Map<String, List<Double>> numbers = new LinkedHashMap<>();
    for (EpochMetric metric : metrics) {
      List<Double> values = new ArrayList<>();
      for (String name : metric.names(hiddenLayers, tasks)) {
        values.add(row.getOrDefault(name, Double.NaN));
      }
      numbers.put(metric.name(), values);
    }
    return new EpochMetrics(numbers);
  }
}
