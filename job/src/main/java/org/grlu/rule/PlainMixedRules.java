package org.grlu.rule;

import java.util.List;
import org.grlu.network.NetworkShape;

/**
 * Computes {@link MixedBackprop}, {@link MixedDirectFeedback} and {@link MixedGrlu} directly from
 * their formulas, in double precision, one example and one pair at a time. The workers of these
 * rules compute the same faster. Tests compare them with this class.
 */
final class PlainMixedRules {
  private static final double LEAST_OUTPUT = 1e-6;

  private PlainMixedRules() {}

  /** Computes one step of {@link MixedBackprop}, along the gradient of the mean reward. */
  static PlainMixedNetwork.Change backprop(
      PlainMixedNetwork network, double[][] x, int[] labels, double learningRate) {
    double[][][] change = network.nothing();
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainMixedNetwork.Pass pass = network.pass(x[e]);
      double[] byLogits = PlainBackprop.byLogits(pass.logits(), labels[e]);
      double[][] signals = network.signals(pass, byLogits);
      for (int l = 0; l < signals.length; l++) {
        network.learn(l, pass, signals[l], learningRate / x.length, change);
      }
      rewards += pass.reward(labels[e]);
    }
    return new PlainMixedNetwork.Change(rewards / x.length, change);
  }

  /**
   * Computes one step of {@link MixedDirectFeedback}.
   *
   * @param feedback B, by stage, neuron and class
   * @param x by example and input, before layer norm
   * @param labels by example
   */
  static PlainMixedNetwork.Change directFeedback(
      DirectFeedback rule,
      PlainMixedNetwork network,
      double[][][] feedback,
      double[][] x,
      int[] labels,
      double learningRate) {
    int last = network.shape.depth() - 1;
    double[][][] change = network.nothing();
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainMixedNetwork.Pass pass = network.pass(x[e]);
      double[] error = pass.error(labels[e]);
      double[][] sent = sent(network, feedback, error);
      for (int l = 0; l < last; l++) {
        times(sent[l], pass.of(l).slope());
        network.learn(l, pass, sent[l], learningRate, change);
      }
      network.learn(last, pass, error, learningRate * rule.outputRate(), change);
      rewards += pass.reward(labels[e]);
    }
    return new PlainMixedNetwork.Change(rewards / x.length, change);
  }

  /** Returns {@code B e} by layer and neuron. Layers without feedback get zeros. */
  static double[][] sent(PlainMixedNetwork network, double[][][] feedback, double[] error) {
    double[][] sent = network.still();
    List<FeedbackStage> stages = FeedbackStage.of(network.shape);
    for (int s = 0; s < feedback.length; s++) {
      int first = first(stages.get(s));
      for (int j = 0; j < feedback[s].length; j++) {
        for (int k = 0; k < error.length; k++) {
          sent[stages.get(s).layer()][first + j] += feedback[s][j][k] * error[k];
        }
      }
    }
    return sent;
  }

  /**
   * Returns the position of a stage's first neuron among those of its layer, not counting padding.
   */
  static int first(FeedbackStage stage) {
    return stage.at() / stage.span() * stage.numbers();
  }

  /** Multiplies each element of {@code x}, which is modified, by that of {@code by}. */
  static void times(double[] x, double[] by) {
    for (int n = 0; n < x.length; n++) {
      x[n] *= by[n];
    }
  }

  /**
   * Computes one step of {@link MixedGrlu}.
   *
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale
   * @param noise the scaled noise on neurons
   */
  static PlainMixedNetwork.Change grlu(
      Grlu rule,
      PlainMixedNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      PlainNetwork.Draws noise) {
    NetworkShape shape = network.shape;
    int last = shape.depth() - 1;
    boolean ofNoise = rule.outputSignal() == OutputSignal.NOISE;
    double[][][] change = network.nothing();
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainMixedNetwork.Pass clean = network.pass(x[e]);
      double[] output = new double[shape.units(last)];
      for (int p = 0; p < rule.perturbations(); p++) {
        boolean gated = rule.gate() == Gate.ACTIVE;
        double[][] n = network.noise(noise, e, p, ofNoise ? last + 1 : last, gated, clean);
        PlainMixedNetwork.Pass plus = network.pass(x[e], n, +1);
        PlainMixedNetwork.Pass minus = network.pass(x[e], n, -1);
        double difference = (plus.reward(labels[e]) - minus.reward(labels[e])) / 2;
        for (int l = 0; l <= last; l++) {
          // the noise is zero in layers that are not perturbed
          double scale = scale(rule, shape, l, learningRate, sigma);
          network.learn(l, clean, n[l], scale * difference, change);
        }
        measured(plus, minus, difference, sigma * lowestFactor(rule, network), output);
        rewards += plus.reward(labels[e]) + minus.reward(labels[e]);
      }
      if (!ofNoise) {
        boolean measures = rule.outputSignal() == OutputSignal.MEASURED;
        double[] signal = measures ? output : clean.error(labels[e]);
        double share = measures ? (double) output.length / rule.perturbations() : 1;
        network.learn(last, clean, signal, learningRate * rule.outputRate() * share, change);
      }
    }
    double mean = rewards / (2.0 * x.length * rule.perturbations());
    return new PlainMixedNetwork.Change(mean, change);
  }

  private static double scale(
      Grlu rule, NetworkShape shape, int l, double learningRate, double sigma) {
    double factor = shape.hidden(l) ? rule.hiddenNoise() : rule.outputNoise();
    double deviation = sigma * factor * shape.layer(l).noise();
    double scale = learningRate / rule.perturbations();
    return rule.normaliseNoise() && deviation > 0 ? scale / (deviation * deviation) : scale;
  }

  /** Returns the factor on sigma of the lowest perturbed layer. */
  private static double lowestFactor(Grlu rule, PlainMixedNetwork network) {
    int l = 0;
    while (l < network.shape.depth() - 1 && !network.perturbs(l)) {
      l++;
    }
    return rule.hiddenNoise() * network.shape.layer(l).noise();
  }

  /** Adds {@code d O / (|O|^2 + 1e-6 sigma^2)}. A pair that changed no logit adds nothing. */
  private static void measured(
      PlainMixedNetwork.Pass plus,
      PlainMixedNetwork.Pass minus,
      double difference,
      double sigma,
      double[] sum) {
    double[] change = half(plus.logits(), minus.logits());
    double squares = LEAST_OUTPUT * sigma * sigma;
    for (double c : change) {
      squares += c * c;
    }
    for (int k = 0; k < sum.length && squares > 0; k++) {
      sum[k] += difference * change[k] / squares;
    }
  }

  /** Returns half the difference of two vectors. */
  static double[] half(double[] plus, double[] minus) {
    double[] half = new double[plus.length];
    for (int i = 0; i < half.length; i++) {
      half[i] = (plus[i] - minus[i]) / 2;
    }
    return half;
  }
}
