package org.grlu.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A metric of an epoch. {@link #all} lists all metrics. From an entry of that list follow the
 * metric's column in the tables, its numbers in a checkpoint, and its computation.
 *
 * @param name the name of the metric's column
 * @param type the type of the metric's column
 * @param required whether every row has a value. A metric that is not required is null in tables
 *     where all its numbers are NaN, and may be missing from a checkpoint
 * @param ofTrial whether the table of trials has the value after the last epoch too
 * @param value computes the metric's numbers: one number, or a list as {@code type} says
 */
public record EpochMetric(
    String name,
    Type type,
    boolean required,
    boolean ofTrial,
    Function<EpochEnd, List<Double>> value) {

  /** The types of a metric's numbers in tables. */
  public enum Type {
    INT,
    LONG,
    DOUBLE,
    /** One number for each hidden layer. */
    OF_HIDDEN_LAYERS,
    /** One number for each layer with weights. */
    OF_LAYERS,
    /**
     * One number for each task of the stream, or none where there are no tasks. These columns stand
     * at the end of a row.
     */
    OF_TASKS;

    /**
     * Returns how many numbers a metric of this type has. {@link #OF_TASKS} is not counted here.
     */
    int count(int hiddenLayers) {
      return switch (this) {
        case OF_HIDDEN_LAYERS -> hiddenLayers;
        case OF_LAYERS -> hiddenLayers + 1;
        default -> 1;
      };
    }

    /** Returns whether a metric of this type is a list in tables. */
    boolean isList() {
      return byLayer() || this == OF_TASKS;
    }

    /** Returns whether a metric of this type has a number for each layer. */
    boolean byLayer() {
      return this == OF_HIDDEN_LAYERS || this == OF_LAYERS;
    }
  }

  /**
   * The metric of test accuracies by task: row t of the matrix R of {@link Retention}, after task
   * t.
   */
  static final String OF_TASKS = "task_accuracy";

  /** The metric of validation accuracies by task. */
  static final String OF_TASKS_VALIDATION = "task_validation_accuracy";

  static final String CLASS_COSINE = "largest_class_cosine";

  /** The metrics that every run has, in the order of the table of epochs. */
  private static final List<EpochMetric> EVERY =
      List.of(
          required("epoch", Type.INT, EpochEnd::epoch),
          required("learning_rate", Type.DOUBLE, end -> end.first().learningRate()),
          required("noise_scale", Type.DOUBLE, end -> end.first().noiseScale()),
          required("mean_reward", Type.DOUBLE, EpochEnd::meanReward),
          ofTrial("train_accuracy", end -> end.train().accuracy()),
          ofTrial("validation_accuracy", end -> end.validation().accuracy()),
          ofTrial("test_accuracy", end -> end.test().accuracy()),
          // the share of silent neurons
          new EpochMetric(
              "hidden_sparsity", Type.OF_HIDDEN_LAYERS, true, false, end -> end.shown().silent()),
          required("examples", Type.LONG, EpochEnd::examples),
          required("forward_passes", Type.LONG, EpochEnd::forwardPasses),
          required("cpu_seconds", Type.DOUBLE, EpochEnd::cpuSeconds),
          required("wall_seconds", Type.DOUBLE, EpochEnd::wallSeconds),
          ofTrial("step_millis", end -> end.steps().step()),
          ofTrial("broadcast_millis", end -> end.steps().broadcast()),
          ofTrial("schedule_millis", end -> end.steps().schedule()),
          ofTrial("compute_millis", end -> end.steps().compute()),
          ofTrial("fold_millis", end -> end.steps().fold()),
          ofTrial("bytes_per_step", end -> end.steps().bytesPerStep()),
          ofLayers("alignment_example", Diagnosis::alignmentExample),
          ofLayers("alignment_mean", Diagnosis::alignmentMean),
          ofLayers("signal_to_noise", Diagnosis::signalToNoise),
          ofLayers("update_ratio", Diagnosis::updateRatio),
          ofLayers("conflict_ratio", Diagnosis::conflictRatio),
          ofLayers("expected_signal_to_noise", Diagnosis::expectedSignalToNoise),
          new EpochMetric(
              "dead_units",
              Type.OF_HIDDEN_LAYERS,
              false,
              false,
              end -> end.diagnosis().deadUnits()),
          new EpochMetric(
              "diagnostics_cpu_seconds",
              Type.DOUBLE,
              false,
              false,
              end -> List.of(end.diagnosis().cpuSeconds())),
          ofTrial("average_accuracy", end -> end.retention().accuracy()),
          ofTrial("backward_transfer", end -> end.retention().backward()),
          ofTrial("forgetting", end -> end.retention().forgetting()),
          ofTrial("learning_accuracy", end -> end.retention().learning()),
          ofTrial("context_accuracy", end -> end.test().inferred()),
          ofTrial("prequential_accuracy", EpochEnd::prequential),
          new EpochMetric(OF_TASKS, Type.OF_TASKS, false, false, end -> end.test().ofTasks()),
          new EpochMetric(
              OF_TASKS_VALIDATION, Type.OF_TASKS, false, false, end -> end.validation().ofTasks()),
          ofTrial(CLASS_COSINE, EpochEnd::classCosine),
          ofTrial("validation_average_accuracy", end -> end.validationRetention().accuracy()),
          ofTrial("validation_backward_transfer", end -> end.validationRetention().backward()),
          ofTrial("validation_forgetting", end -> end.validationRetention().forgetting()),
          ofTrial("validation_learning_accuracy", end -> end.validationRetention().learning()));

  /**
   * Returns the metrics that every run has, followed by one for each {@link Metric} from a jar.
   *
   * @throws MetricException where a metric from a jar can't be used
   */
  public static List<EpochMetric> all() {
    List<EpochMetric> all = new ArrayList<>(EVERY);
    for (OwnMetric own : OwnMetric.found()) {
      all.add(ofTrial(own.column(), end -> end.own().getOrDefault(own.column(), Double.NaN)));
    }
    return all;
  }

  private static EpochMetric required(String name, Type type, ToDoubleFunction<EpochEnd> value) {
    return new EpochMetric(name, type, true, false, end -> List.of(value.applyAsDouble(end)));
  }

  private static EpochMetric ofTrial(String name, ToDoubleFunction<EpochEnd> value) {
    return new EpochMetric(
        name, Type.DOUBLE, false, true, end -> List.of(value.applyAsDouble(end)));
  }

  private static EpochMetric ofLayers(String name, Function<Diagnosis, List<Double>> value) {
    return new EpochMetric(name, Type.OF_LAYERS, false, false, end -> value.apply(end.diagnosis()));
  }

  /**
   * Returns the names of the metric's numbers in a checkpoint: the metric's name, or for a list
   * {@code name_1}, {@code name_2} and so on.
   */
  List<String> names(int hiddenLayers, int tasks) {
    if (!type.isList()) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    int count = type == Type.OF_TASKS ? tasks : type.count(hiddenLayers);
    for (int i = 1; i <= count; i++) {
      names.add(name + "_" + i);
    }
    return names;
  }

  /**
   * Returns the metric's value in a row of a table: an Integer, Long or Double, a list of doubles,
   * or null where there is no value.
   */
  public Object cell(EpochMetrics metrics) {
    List<Double> numbers = metrics.numbers().get(name);
    if (numbers == null || (!required && numbers.stream().allMatch(x -> x.isNaN()))) {
      return null;
    }
    if (type.isList()) {
      return numbers;
    }
    double number = numbers.get(0);
    return switch (type) {
      case INT -> (Object) (int) number;
      case LONG -> (Object) (long) number;
      default -> (Object) number;
    };
  }
}
