package org.grlu.sweep;

import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.rule.LearningRule;
import org.grlu.training.TrialSettings;

/**
 * What a trial will cost, roughly: microseconds of one core (AMD EPYC Zen 4, 512-bit kernels), by a
 * formula fitted to measured networks of 784-256-10 and 784-256-256-10. Good for ratios; another
 * machine's seconds differ.
 */
final class CostFormula {
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

  /** Of a weight, for an image that is evaluated. */
  private static final double EVALUATED_WEIGHT = 1.28e-5;

  /** Images that are evaluated after each epoch besides whole sets. */
  private static final int SHOWN = 2_000;

  private final Dataset dataset;

  /**
   * @param dataset uncut
   */
  CostFormula(Dataset dataset) {
    this.dataset = dataset;
  }

  /** Seconds of a whole trial. */
  double seconds(Settings settings) {
    TrialSettings trial = settings.trial();
    int left = dataset.train().size() - settings.validationExamples();
    int train = settings.trainExamples() == 0 ? left : settings.trainExamples();
    int batch = trial.training().batchSize();
    double examples = (double) trial.stepsPerEpoch(train) * batch;
    double images = settings.validationExamples() + dataset.test().size() + SHOWN;
    return 1e-6
        * trial.training().epochs()
        * (examples * example(trial.shape(), trial.rule()) + images * evaluation(trial.shape()));
  }

  private static double example(NetworkShape shape, LearningRule rule) {
    // a rule without noise makes no perturbed passes
    int perturbations = rule.hiddenNoise() + rule.outputNoise() == 0 ? 0 : rule.perturbations();
    double micros = EXAMPLE;
    for (int l = 0; l < shape.depth(); l++) {
      double weights = (double) shape.inputs(l) * shape.units(l);
      micros += weights * (l == 0 ? FIRST_WEIGHT : DEEP_WEIGHT);
      micros += perturbations * shape.units(l) * PERTURBED_UNIT;
      micros += l == 0 ? 0 : perturbations * weights * PERTURBED_WEIGHT;
      if (shape.hidden(l) && shape.activation() == Activation.TOP_K) {
        micros += perturbations * shape.units(l) * TOP_K_UNIT;
      }
    }
    return micros;
  }

  private static double evaluation(NetworkShape shape) {
    double weights = 0;
    for (int l = 0; l < shape.depth(); l++) {
      weights += (double) shape.inputs(l) * shape.units(l);
    }
    return weights * EVALUATED_WEIGHT;
  }
}
