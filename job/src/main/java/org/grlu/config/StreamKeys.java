package org.grlu.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.grlu.datasets.Dataset;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.rule.Key;
import org.grlu.training.ExampleStream;
import org.grlu.training.Tasks;

/** The block {@code stream}: the order in which training presents examples. */
final class StreamKeys {
  static final String KIND = "stream.kind";
  static final String TASKS = "stream.tasks";
  private static final String PASSES = "stream.passes";
  private static final String PER_CLASS = "stream.per-class";
  private static final String REPLAY = "stream.replay";
  private static final String CONTEXT = "stream.context";
  private static final String ACTIVE = "stream.active";
  private static final String EWC = "stream.ewc";
  private static final String METAPLASTICITY = "stream.metaplasticity";
  private static final String PREQUENTIAL = "stream.prequential";
  private static final String SCOPE = "rule.scope";
  private static final String GATE = "rule.gate";
  private static final String NORMALISE = "rule.normalise-noise";
  private static final String OPTIMISER = "training.optimiser";

  /**
   * Rules that estimate the gradient of each example, and under which the weights into a neuron
   * that the activation silences do not change.
   */
  private static final List<String> OF_GRADIENTS =
      List.of(
          "grlu",
          "backprop",
          "learned-feedback",
          "direct-feedback",
          "feedback-alignment",
          "sign-symmetry");

  private static final Object[] WITH_TASKS = {"class-incremental", "task-incremental", "permuted"};

  static final List<Key> ALL =
      List.of(
          Key.choice(KIND, "iid", "few-shot", "class-incremental", "task-incremental", "permuted"),
          Key.whole(TASKS, 1, 1000).onlyIf(KIND, WITH_TASKS),
          Key.whole(PASSES, 1, 1000).onlyIf(KIND, WITH_TASKS),
          Key.whole(PER_CLASS, 1, 1_000_000).onlyIf(KIND, "few-shot"),
          Key.whole(REPLAY, 0, 10_000_000).onlyIf(KIND, WITH_TASKS),
          Key.choice(CONTEXT, "none", "given", "inferred").onlyIf(KIND, WITH_TASKS),
          Key.number(ACTIVE, "above 0 and at most 1", v -> v > 0 && v <= 1)
              .onlyIf(KIND, WITH_TASKS)
              .onlyIf(CONTEXT, "given", "inferred"),
          Key.number(EWC, "at least 0", v -> v >= 0).onlyIf(KIND, WITH_TASKS),
          Key.number(METAPLASTICITY, "at least 0", v -> v >= 0).onlyIf(KIND, WITH_TASKS),
          Key.flag(PREQUENTIAL)
              .onlyIf(KIND, "few-shot", "class-incremental", "task-incremental", "permuted")
              .apart());

  private final Settings settings;

  StreamKeys(Settings settings) {
    this.settings = settings;
  }

  /** Returns the stream that the values describe; a key without a meaning counts as unset. */
  ExampleStream stream() {
    ExampleStream.Kind kind =
        ExampleStream.Kind.valueOf(settings.text(KIND).toUpperCase(Locale.ROOT).replace('-', '_'));
    boolean tasks = settings.meansSomething(TASKS);
    return new ExampleStream(
        kind,
        tasks ? settings.whole(TASKS) : 1,
        tasks ? settings.whole(PASSES) : 1,
        settings.meansSomething(PER_CLASS) ? settings.whole(PER_CLASS) : 0,
        tasks ? settings.whole(REPLAY) : 0,
        tasks
            ? ExampleStream.Context.valueOf(settings.text(CONTEXT).toUpperCase(Locale.ROOT))
            : ExampleStream.Context.NONE,
        settings.meansSomething(ACTIVE) ? settings.number(ACTIVE) : 1,
        tasks ? settings.number(EWC) : 0,
        tasks ? settings.number(METAPLASTICITY) : 0,
        settings.meansSomething(PREQUENTIAL) && settings.flag(PREQUENTIAL));
  }

  /**
   * Returns one line for each set of values that do not go together, though each is allowed by
   * itself.
   */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    ExampleStream stream = stream();
    if (settings.meansSomething(SCOPE)
        && settings.text(SCOPE).equals("task")
        && (!stream.hasTasks() || stream.kind() == ExampleStream.Kind.PERMUTED)) {
      faults.add(with(SCOPE, "all or label"));
    }
    faults.addAll(consolidationFaults());
    if (stream.kind() == ExampleStream.Kind.IID) {
      return faults;
    }
    if (stream.context() != ExampleStream.Context.NONE) {
      faults.addAll(contextFaults());
    }
    if (settings.text("training.order").equals("prioritised")) {
      faults.add(with("training.order", "permutation"));
    }
    if (stream.kind() == ExampleStream.Kind.PERMUTED) {
      if (settings.features().isPresent()) {
        faults.add(with(FeatureKeys.KIND, "none"));
      }
      if (settings.whole("training.shift") > 0) {
        faults.add(with("training.shift", "0"));
      }
    }
    return faults;
  }

  /** Returns the faults of values that elastic weights or metaplasticity do not go with. */
  private List<String> consolidationFaults() {
    List<String> faults = new ArrayList<>();
    for (String path : List.of(EWC, METAPLASTICITY)) {
      if (settings.number(path) > 0) {
        faults.addAll(consolidationFaults(path));
      }
    }
    if (settings.number(EWC) > 0 && settings.number(METAPLASTICITY) > 0) {
      faults.add(with(METAPLASTICITY, "0", EWC));
    }
    return faults;
  }

  private List<String> consolidationFaults(String path) {
    if (!settings.meansSomething(path)) {
      return List.of(with(path, "0", KIND) + ", where there are no tasks to forget");
    }
    if (!OF_GRADIENTS.contains(settings.text("rule.name"))) {
      return List.of(with("rule.name", "one of " + String.join(", ", OF_GRADIENTS), path));
    }
    List<String> faults = new ArrayList<>();
    if (settings.meansSomething(OPTIMISER) && !settings.text(OPTIMISER).equals("sgd")) {
      faults.add(with(OPTIMISER, "sgd", path));
    }
    // without normalised noise the learning rate is not that of the gradient
    if (path.equals(EWC) && settings.meansSomething(NORMALISE) && !settings.flag(NORMALISE)) {
      faults.add(with(NORMALISE, "true", path));
    }
    return faults;
  }

  /** Returns the faults of values that contexts with silent neurons do not go with. */
  private List<String> contextFaults() {
    List<String> faults = new ArrayList<>();
    NetworkShape shape = settings.shape();
    String name = settings.text("rule.name");
    if (!OF_GRADIENTS.contains(name)) {
      faults.add(context("rule.name", "one of " + String.join(", ", OF_GRADIENTS)));
      return faults;
    }
    if (shape.isMixed() || shape.depth() != 2) {
      faults.add(context("network.layers", "of dense layers, one of them hidden,"));
    }
    if (shape.activation() != Activation.RELU) {
      faults.add(context("network.activation", "relu"));
    }
    if (settings.meansSomething(GATE) && !settings.text(GATE).equals("active")) {
      faults.add(context(GATE, "active"));
    }
    if (settings.meansSomething(OPTIMISER) && !settings.text(OPTIMISER).equals("sgd")) {
      faults.add(context(OPTIMISER, "sgd"));
    }
    return faults;
  }

  private String context(String path, String must) {
    return "%s = %s (%s): must be %s with %s = %s, which silences hidden neurons that are then to learn nothing"
        .formatted(
            path,
            settings.value(path),
            settings.origin(path),
            must,
            CONTEXT,
            settings.text(CONTEXT));
  }

  private String with(String path, String must) {
    return with(path, must, KIND);
  }

  private String with(String path, String must, String other) {
    return "%s = %s (%s): must be %s with %s = %s"
        .formatted(
            path, settings.value(path), settings.origin(path), must, other, settings.value(other));
  }

  /** Returns what does not fit a dataset, one line each. */
  List<String> unfit(Dataset dataset) {
    ExampleStream stream = stream();
    boolean ofClasses = stream.hasTasks() && stream.kind() != ExampleStream.Kind.PERMUTED;
    if (ofClasses && stream.tasks() > dataset.classes()) {
      return List.of(
          "%s = %d (%s): must be at most %d, the classes of dataset %s"
              .formatted(
                  TASKS,
                  stream.tasks(),
                  settings.origin(TASKS),
                  dataset.classes(),
                  dataset.name()));
    }
    if (stream.kind() == ExampleStream.Kind.IID) {
      return List.of();
    }
    int batch = settings.whole("training.batch-size");
    int least = fewest(stream, dataset);
    return batch <= least
        ? List.of()
        : List.of(
            "training.batch-size = %d (%s): must be at most %d, the fewest examples that an epoch of %s = %s presents"
                .formatted(
                    batch,
                    settings.origin("training.batch-size"),
                    least,
                    KIND,
                    settings.text(KIND)));
  }

  /** Returns the fewest examples that an epoch presents. */
  private int fewest(ExampleStream stream, Dataset dataset) {
    int left = dataset.train().size() - settings.validationExamples();
    int train = settings.trainExamples() == 0 ? left : Math.min(left, settings.trainExamples());
    Tasks tasks = new Tasks(stream, dataset.classes());
    int[] presented = new int[stream.hasTasks() ? stream.tasks() : dataset.classes()];
    for (int i = 0; i < train; i++) {
      int label = dataset.train().label(i);
      presented[stream.hasTasks() ? tasks.ofClass(label) : label]++;
    }
    if (stream.kind() == ExampleStream.Kind.PERMUTED) {
      return train;
    }
    if (!stream.hasTasks()) {
      return IntStream.of(presented).map(n -> Math.min(n, stream.perClass())).sum();
    }
    return IntStream.of(presented).min().orElse(0) * (stream.replay() > 0 ? 2 : 1);
  }
}
