package org.grlu.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.network.Activation;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.training.ExampleStream;
import org.grlu.training.TrialSettings;

/**
 * What a trial will cost, roughly: microseconds of one core (AMD EPYC Zen 4, 512-bit kernels), by a
 * formula fitted to measured networks of one to six hidden layers of 128 and 256. Good for ratios;
 * another machine's seconds differ, and are learnt from what trials took there.
 */
public final class ExpectedCost {
  /** Of one example, whatever the network. */
  private static final double EXAMPLE = 1;

  /** Of a weight of the first layer: only inked pixels are touched. */
  private static final double FIRST_WEIGHT = 3e-5;

  /** Of a weight of a later layer, for an example: product and update. */
  private static final double DEEP_WEIGHT = 6.8e-4;

  /** Of a weight of a later layer, for a perturbation. */
  private static final double PERTURBED_WEIGHT = 5e-5;

  /** Of a neuron, for a perturbation: noise and activation. */
  private static final double PERTURBED_UNIT = 8.7e-4;

  /** What top-k adds for a hidden neuron. */
  private static final double TOP_K_UNIT = 2.6e-3;

  /** Of an image that is evaluated, whatever the network. */
  private static final double EVALUATED_IMAGE = 0.3;

  /** Of a weight, for an image that is evaluated. */
  private static final double EVALUATED_WEIGHT = 1.28e-5;

  /** Of a network of several kinds of layers: of a multiplication, for an example. */
  private static final double MIXED_OPERATION = 1.2e-4;

  /** Of a neuron there, for an example. */
  private static final double MIXED_UNIT = 9e-3;

  /** Of a multiplication there, for a perturbation. */
  private static final double PERTURBED_OPERATION = 2e-5;

  /** Of a neuron there, for a perturbation. */
  private static final double PERTURBED_MIXED_UNIT = 5e-4;

  /** Of a multiplication there, for an image that is evaluated. */
  private static final double EVALUATED_OPERATION = 3e-5;

  /** Of a weight, for a step with elastic weights. */
  private static final double ELASTIC_WEIGHT = 8e-4;

  /** Of a weight, for a step with metaplasticity. */
  private static final double PLASTIC_WEIGHT = 2e-3;

  /** The keys that an example's cost depends on, besides those of its rule. */
  private static final List<String> SHAPE =
      List.of(
          "network.layers",
          "network.kinds",
          "network.activation",
          "network.skip",
          "network.hidden",
          "rule.name",
          "training.batch-size",
          "stream.ewc",
          "stream.metaplasticity");

  /** Images that are evaluated after each epoch besides whole sets. */
  private static final int SHOWN = 2_000;

  private final Dataset dataset;

  /** By shape: what trials took, as multiples of the formula. */
  private final Map<String, List<Double>> learnt = new HashMap<>();

  /** By shape: the median of those; kept until something more is learnt. */
  private final Map<String, Double> ratios = new HashMap<>();

  /**
   * By the formula alone, until something is learnt.
   *
   * @param dataset uncut
   */
  public ExpectedCost(Dataset dataset) {
    this.dataset = dataset;
  }

  /** Seconds of a whole trial: by trials of its shape, else of any shape, else by the formula. */
  public double seconds(Settings settings) {
    return formula(settings) * ratios.computeIfAbsent(shape(settings), this::ratio);
  }

  private double ratio(String shape) {
    if (learnt.isEmpty()) {
      return 1;
    }
    List<Double> own = learnt.get(shape);
    return median(own == null ? learnt.values().stream().map(ExpectedCost::median).toList() : own);
  }

  /** Learns from a trial of some epochs that took so many seconds. */
  public void tookSeconds(Settings settings, int epochs, double seconds) {
    double expected = formula(settings) * epochs / settings.trial().training().epochs();
    learn(settings, seconds / expected);
  }

  /**
   * Learns from what was measured, in microseconds.
   *
   * @param example training on one example
   * @param image evaluating one image
   */
  public void tookMicros(Settings settings, double example, double image) {
    double epoch = 1e-6 * (examples(settings) * example + images(settings) * image);
    tookSeconds(settings, 1, epoch);
  }

  private void learn(Settings settings, double ratio) {
    if (ratio > 0 && Double.isFinite(ratio)) {
      ratios.clear();
      learnt.computeIfAbsent(shape(settings), shape -> new ArrayList<>()).add(ratio);
    }
  }

  /** Whether something was learnt of trials of this shape. */
  public boolean knows(Settings settings) {
    return learnt.containsKey(shape(settings));
  }

  /** What of a configuration the cost of an example depends on. */
  public static String shape(Settings settings) {
    return Stream.concat(SHAPE.stream(), settings.rule().costKeys().stream().sorted())
        .filter(settings::meansSomething)
        .map(path -> settings.value(path).toString())
        .collect(Collectors.joining(" "));
  }

  private static double median(List<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(x -> x).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private double formula(Settings settings) {
    TrialSettings trial = settings.trial();
    return 1e-6
        * trial.training().epochs()
        * (examples(settings)
                * (example(trial.shape(), settings.rule().perturbations(settings))
                    + consolidation(trial))
            + images(settings) * evaluation(trial.shape()));
  }

  /** Trained on in an epoch. */
  private double examples(Settings settings) {
    TrialSettings trial = settings.trial();
    int left = dataset.train().size() - settings.validationExamples();
    int train = settings.trainExamples() == 0 ? left : settings.trainExamples();
    ExampleStream stream = settings.stream();
    if (stream.kind() == ExampleStream.Kind.FEW_SHOT) {
      return Math.min(train, (double) stream.perClass() * dataset.classes());
    }
    // an epoch is a task: a part of the examples, or all of them
    double tasks = stream.kind() == ExampleStream.Kind.PERMUTED ? 1 : stream.tasks();
    double replayed = stream.replay() > 0 ? 2 : 1;
    return trial.stepsPerEpoch(train) * trial.training().batchSize() * replayed / tasks;
  }

  /** Evaluated after an epoch. */
  private double images(Settings settings) {
    double copies =
        settings.stream().kind() == ExampleStream.Kind.PERMUTED ? settings.stream().tasks() : 1;
    return copies * (settings.validationExamples() + dataset.test().size()) + SHOWN;
  }

  private static double example(NetworkShape shape, int perturbations) {
    if (shape.isMixed()) {
      double operations = operations(shape);
      double units = shape.kinds().stream().mapToInt(Layer::units).sum();
      return EXAMPLE
          + operations * (MIXED_OPERATION + perturbations * PERTURBED_OPERATION)
          + units * (MIXED_UNIT + perturbations * PERTURBED_MIXED_UNIT);
    }
    double micros = EXAMPLE;
    for (int l = 0; l < shape.depth(); l++) {
      double weights = (double) shape.inputs(l) * shape.units(l);
      micros += weights * (shape.layer(l).readsImages() ? FIRST_WEIGHT : DEEP_WEIGHT);
      micros += perturbations * shape.units(l) * PERTURBED_UNIT;
      // what a layer sees of the network's input carries no noise: one product for all passes
      int plain = shape.firstSource(l) == 0 ? shape.layers().get(0) : 0;
      micros += perturbations * (weights - (double) plain * shape.units(l)) * PERTURBED_WEIGHT;
      if (shape.hidden(l) && shape.activation() == Activation.TOP_K) {
        micros += perturbations * shape.units(l) * TOP_K_UNIT;
      }
    }
    return micros;
  }

  /** Of what is done to all weights behind each step. */
  private static double consolidation(TrialSettings trial) {
    ExampleStream stream = trial.training().options().stream();
    double micros = stream.ewc() > 0 ? ELASTIC_WEIGHT : 0;
    micros += stream.metaplasticity() > 0 ? PLASTIC_WEIGHT : 0;
    return micros * Weights.count(trial.shape()) / trial.training().batchSize();
  }

  private static double operations(NetworkShape shape) {
    return shape.kinds().stream().mapToDouble(Layer::operations).sum();
  }

  private static double evaluation(NetworkShape shape) {
    if (shape.isMixed()) {
      return EVALUATED_IMAGE + operations(shape) * EVALUATED_OPERATION;
    }
    double weights = 0;
    for (int l = 0; l < shape.depth(); l++) {
      weights += (double) shape.inputs(l) * shape.units(l);
    }
    return EVALUATED_IMAGE + weights * EVALUATED_WEIGHT;
  }
}
