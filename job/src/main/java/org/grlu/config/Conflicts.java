package org.grlu.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grlu.datasets.Dataset;
import org.grlu.network.Initial;
import org.grlu.network.InputBatch;
import org.grlu.network.InputNorm;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.rule.Fold;
import org.grlu.training.Cosine;
import org.grlu.training.Course;
import org.grlu.training.TrainingOptions;

/**
 * Finds values of a configuration that do not go together, or do not fit a dataset. Each fault is
 * one line.
 */
final class Conflicts {
  private final Settings settings;

  Conflicts(Settings settings) {
    this.settings = settings;
  }

  /**
   * Returns one line for each set of values that do not go together, though each is allowed by
   * itself.
   */
  List<String> all() {
    if (settings.layers().fault() != null) {
      return List.of(settings.layers().fault());
    }
    List<String> faults = new ArrayList<>(tooLarge());
    faults.addAll(settings.layers().faults(settings));
    faults.addAll(settings.rule().faults(settings, settings.shape(), leastNoiseScale()));
    optimiserFault().ifPresent(faults::add);
    decayFault().ifPresent(faults::add);
    initialFault().ifPresent(faults::add);
    normalisedFault().ifPresent(faults::add);
    foldFault().ifPresent(faults::add);
    faults.addAll(oneByOne());
    faults.addAll(settings.data().faults());
    faults.addAll(new FeatureKeys(settings).faults());
    faults.addAll(new StreamKeys(settings).faults());
    faults.addAll(new PartitionedData(settings).faults());
    return faults;
  }

  private Optional<String> normalisedFault() {
    boolean known = settings.features().isPresent() || settings.pixels().norm() == InputNorm.LAYER;
    return known || !settings.flag(Settings.NORMALISED)
        ? Optional.empty()
        : Optional.of(
            "%s = true (%s): must be false with network.input-norm = none: inputs then have lengths of their own"
                .formatted(Settings.NORMALISED, settings.origin(Settings.NORMALISED)));
  }

  private Optional<String> foldFault() {
    return settings.stepped() || settings.fold() != Fold.CLUSTER
        ? Optional.empty()
        : Optional.of(
            "%s = cluster (%s): must be auto or driver with engine.mode = task, whose steps have no shards"
                .formatted(Keys.FOLD, settings.origin(Keys.FOLD)));
  }

  private Optional<String> optimiserFault() {
    String path = "training.optimiser";
    return settings.text(path).equals("sgd") || settings.meansSomething(path)
        ? Optional.empty()
        : Optional.of(
            "%s = %s (%s): must be sgd under rule.name = %s, which changes some weights at each example where it would change all; it is for backprop and evolution"
                .formatted(
                    path, settings.text(path), settings.origin(path), settings.text("rule.name")));
  }

  private Optional<String> decayFault() {
    Course rate = settings.learningRate();
    double decay = settings.number("training.weight-decay");
    double most = Math.max(rate.max(), rate.min());
    return TrainingOptions.decayed(decay, most) > 0
        ? Optional.empty()
        : Optional.of(
            "training.weight-decay = %s (%s): 100 times it and the largest training.learning-rate, %s, must be below 1"
                .formatted(decay, settings.origin("training.weight-decay"), most));
  }

  /** Returns the faults of a rule that learns from one example at a time. */
  private List<String> oneByOne() {
    Map<String, Object> needed = new LinkedHashMap<>();
    needed.put("training.batch-size", 1L);
    needed.put("engine.mode", "task");
    needed.put("report.diagnostics", "none");
    return needed.entrySet().stream()
        .filter(
            entry ->
                settings.rule().oneByOne()
                    && !settings.value(entry.getKey()).equals(entry.getValue()))
        .map(
            entry ->
                "%s = %s (%s): must be %s under rule.name = %s, which learns from one example at a time, in one place, and estimates no gradient"
                    .formatted(
                        entry.getKey(),
                        settings.value(entry.getKey()),
                        settings.origin(entry.getKey()),
                        entry.getValue(),
                        settings.text("rule.name")))
        .toList();
  }

  private Optional<String> initialFault() {
    String path = "network.initial";
    return settings.choice(Initial.class, path) != Initial.ZERO || settings.shape().depth() == 1
        ? Optional.empty()
        : Optional.of(
            "%s = zero (%s): must be he or data-pairs with network.layers = %s, whose hidden neurons would all stay the same; zero is for networks without"
                .formatted(path, settings.origin(path), settings.shape().layers()));
  }

  /**
   * Returns a fault where an array would be larger than Java allows. Without this check the fault
   * would show only when the array is allocated.
   */
  private List<String> tooLarge() {
    NetworkShape shape = settings.shape();
    long weights = Weights.count(shape);
    if (weights > Weights.MOST) {
      return List.of(
          "network.layers = %s (%s): must take at most %d weights; with network.skip = %s these take %d"
              .formatted(
                  settings.value("network.layers"),
                  settings.origin("network.layers"),
                  Weights.MOST,
                  settings.value("network.skip"),
                  weights));
    }
    // the first layer's coefficients are one array for the whole batch too
    int most =
        Math.min(InputBatch.mostExamples(shape), Weights.MOST / Math.max(1, shape.stride(0)));
    return settings.whole("training.batch-size") <= most
        ? List.of()
        : List.of(
            "training.batch-size = %d (%s): must be at most %d with network.layers = %s"
                .formatted(
                    settings.whole("training.batch-size"),
                    settings.origin("training.batch-size"),
                    most,
                    settings.value("network.layers")));
  }

  /**
   * Returns the least noise scale that training uses. The scale reaches its minimum at the end of
   * training only under a schedule per step, so the last epoch's value counts.
   */
  private double leastNoiseScale() {
    Cosine scale = settings.noiseScale();
    int epochs = settings.epochs();
    return Math.min(scale.max(), scale.at((epochs - 1.0) / epochs));
  }

  /**
   * Returns what does not fit a dataset, one line each.
   *
   * @param dataset the dataset, uncut
   */
  List<String> unfit(Dataset dataset) {
    int available = dataset.train().size();
    List<String> faults =
        new ArrayList<>(unfit(dataset.pixelsPerImage(), dataset.classes(), available, available));
    if (settings.whole("training.shift") > 0 && dataset.train().rows() == 1) {
      faults.add(
          "training.shift = %d (%s): must be 0 with dataset %s, whose examples are vectors, not images"
              .formatted(
                  settings.whole("training.shift"),
                  settings.origin("training.shift"),
                  settings.datasetName()));
    }
    settings.layers().unfit(settings, dataset).ifPresent(faults::add);
    faults.addAll(new FeatureKeys(settings).unfit(dataset));
    faults.addAll(new StreamKeys(settings).unfit(dataset));
    return faults;
  }

  /**
   * Returns what does not fit a dataset, from its sizes alone.
   *
   * @param pixels the pixels of an image, of all channels
   * @param classes the number of classes
   * @param available the number of training examples that can be used
   * @param total the number of training examples that messages name
   */
  List<String> unfit(int pixels, int classes, int available, int total) {
    List<String> faults = new ArrayList<>();
    List<Integer> layers = settings.shape().layers();
    int outputs = layers.get(layers.size() - 1);
    int inputs = new FeatureKeys(settings).inputs(pixels);
    if (layers.get(0) != inputs || outputs != classes) {
      String what =
          settings.features().isEmpty() ? "the pixels of an image" : "the length of a code";
      faults.add(
          "network.layers = %s (%s): must begin with %d, %s of dataset %s, and end with %d, its classes"
              .formatted(
                  layers,
                  settings.origin("network.layers"),
                  inputs,
                  what,
                  settings.datasetName(),
                  classes));
    }
    int left = available - settings.validationExamples();
    if (left < 1 || settings.trainExamples() > left) {
      String path = "dataset.validation-examples";
      boolean ofSweep = settings.origin(path).equals(Settings.SWEEP_DEFAULT);
      faults.add(
          "dataset.train-examples = %d and validation-examples = %d%s: must leave something to train on and not exceed the %d of dataset %s%s"
              .formatted(
                  settings.trainExamples(),
                  settings.validationExamples(),
                  ofSweep ? " (" + Settings.SWEEP_DEFAULT + ")" : "",
                  total,
                  settings.datasetName(),
                  ofSweep ? "; set " + path : ""));
      return faults;
    }
    int train = settings.trainExamples() == 0 ? left : settings.trainExamples();
    if (settings.whole("training.batch-size") > train) {
      faults.add(
          "training.batch-size = %d (%s): must be at most the %d training examples"
              .formatted(
                  settings.whole("training.batch-size"),
                  settings.origin("training.batch-size"),
                  train));
    }
    return faults;
  }
}
