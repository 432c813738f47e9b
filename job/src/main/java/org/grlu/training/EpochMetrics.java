package org.grlu.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of every {@link EpochMetric} after one epoch: its results and its costs.
 *
 * @param numbers the values by the metric's name: one number, or one for each layer or task
 */
public record EpochMetrics(Map<String, List<Double>> numbers) implements Serializable {

  public EpochMetrics {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    numbers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    numbers = Collections.unmodifiableMap(copy);
  }

  /** Computes all metrics of an epoch that has just ended. */
  public static EpochMetrics of(EpochEnd end) {
    Map<String, List<Double>> numbers = new LinkedHashMap<>();
    EpochMetric.all().forEach(metric -> numbers.put(metric.name(), metric.value().apply(end)));
    return new EpochMetrics(numbers);
  }

  /** Returns the number of the epoch, from 1. */
  public int epoch() {
    return (int) number("epoch");
  }

  /** Returns the mean reward over all passes of the epoch that the rule rewards. */
  public double meanReward() {
    return number("mean_reward");
  }

  /** Returns the share of the first 1,000 training examples that is right. */
  public double trainAccuracy() {
    return number("train_accuracy");
  }

  /**
   * Returns the share of the validation set that is right; NaN where there is no validation set.
   */
  public double validationAccuracy() {
    return number("validation_accuracy");
  }

  /** Returns the share of the whole test set that is right. */
  public double testAccuracy() {
    return number("test_accuracy");
  }

  /**
   * Returns for each hidden layer the share of silent neurons over the first 1,000 test examples.
   */
  public List<Double> hiddenSparsity() {
    return numbers.get("hidden_sparsity");
  }

  /** Returns the number of examples that the epoch presented. */
  public long examples() {
    return (long) number("examples");
  }

  /** Returns the number of passes that the rule's definition makes for the epoch's examples. */
  public long forwardPasses() {
    return (long) number("forward_passes");
  }

  /** Returns the epoch's CPU time in seconds, with evaluation and without diagnostics. */
  public double cpuSeconds() {
    return number("cpu_seconds");
  }

  /** Returns the epoch's elapsed time in seconds, with evaluation and without diagnostics. */
  public double wallSeconds() {
    return number("wall_seconds");
  }

  /** Returns whether the rule's estimates were compared with the gradient. */
  public boolean diagnosed() {
    return !Double.isNaN(number("diagnostics_cpu_seconds"));
  }

  /** Returns the test accuracy on each task; an empty list where there are no tasks. */
  public List<Double> taskAccuracies() {
    return numbers.getOrDefault(EpochMetric.OF_TASKS, List.of());
  }

  /** Returns the validation accuracy on each task; an empty list where there are no tasks. */
  public List<Double> taskValidationAccuracies() {
    return numbers.getOrDefault(EpochMetric.OF_TASKS_VALIDATION, List.of());
  }

  /** Returns the overlap of classes, see {@link ClassOverlap}; NaN where it was not computed. */
  double classCosine() {
    return numbers.getOrDefault(EpochMetric.CLASS_COSINE, List.of(Double.NaN)).get(0);
  }

  /** Returns the number of tasks that there are test accuracies of. */
  int tasks() {
    return taskAccuracies().size();
  }

  private double number(String name) {
    return numbers.get(name).get(0);
  }

  /**
   * Returns the names of the numbers that {@link #toNumbers} returns, in the same order. Single
   * numbers come first, then those of lists.
   */
  static List<String> names(List<EpochMetric> metrics, int hiddenLayers, int tasks) {
    List<String> names = new ArrayList<>();
    List<String> ofLayers = new ArrayList<>();
    for (EpochMetric metric : metrics) {
      (metric.type().isList() ? ofLayers : names).addAll(metric.names(hiddenLayers, tasks));
    }
    names.addAll(ofLayers);
    return names;
  }

  /**
   * Returns all values as numbers, with NaN for a missing value. {@link #fromNumbers} reads the
   * same values back.
   */
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
   * Reads the values that {@link #toNumbers} returned.
   *
   * @param row the numbers by name. Numbers of required metrics must be there. Missing numbers of
   *     other metrics become NaN, and names that belong to no metric are ignored
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
