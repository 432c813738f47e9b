package org.grlu.rule;

import java.util.List;
import org.grlu.network.NetworkShape;

/**
 * Computes {@link MixedLearnedFeedback} directly from its formulas, in double precision, one
 * example and one pair at a time. Feedback is ordered by {@link FeedbackStage}. {@link
 * MixedLearnedFeedbackWorker} computes the same faster. Tests compare it with this class.
 */
final class PlainMixedLearnedFeedback {
  private static final double FLOOR = 1e-3;

  private final LearnedFeedback rule;
  private final PlainMixedNetwork network;
  private final NetworkShape shape;
  private final int last;
  private final List<FeedbackStage> stages;

  /** B, by stage, neuron and class. */
  private final double[][][] feedback;

  /** The change of B, by stage, neuron and class. */
  private final double[][][] feedbackChange;

  /**
   * The results of a pair.
   *
   * @param tried q, by stage and neuron: noise x slope, or the noise itself where it is added after
   *     the activation
   * @param moved half the difference of the members' outputs, by stage and neuron
   * @param difference half the difference of the members' rewards
   * @param logits half the difference of the members' logits, by class
   */
  private record Pair(double[][] tried, double[][] moved, double difference, double[] logits) {}

  /**
   * Creates the rule for a network, with feedback that has not changed yet.
   *
   * @param network Not modified, here or in {@link #step}
   * @param feedback Not modified. B, by stage, neuron and class
   */
  PlainMixedLearnedFeedback(
      LearnedFeedback rule, PlainMixedNetwork network, double[][][] feedback) {
    this.rule = rule;
    this.network = network;
    this.shape = network.shape;
    this.last = shape.depth() - 1;
    this.stages = FeedbackStage.of(shape);
    this.feedback = feedback;
    this.feedbackChange = new double[feedback.length][][];
    for (int s = 0; s < feedback.length; s++) {
      feedbackChange[s] = new double[feedback[s].length][shape.units(last)];
    }
  }

  /**
   * Returns the sum of the feedback's changes over all steps so far, by stage, neuron and class.
   */
  double[][][] feedbackChange() {
    return feedbackChange;
  }

  /**
   * Computes one step.
   *
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale
   * @param noise the scaled noise on neurons of hidden layers
   */
  PlainMixedNetwork.Change step(
      double[][] x, int[] labels, double learningRate, double sigma, PlainNetwork.Draws noise) {
    double[][][] change = network.nothing();
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainMixedNetwork.Pass clean = network.pass(x[e]);
      double[] error = clean.error(labels[e]);
      double[][] signal = PlainMixedRules.sent(network, feedback, error);
      double[][] own = byStage(signal);
      for (int l = 0; l < last; l++) {
        PlainMixedRules.times(signal[l], clean.of(l).slope());
      }
      for (int p = 0; p < rule.perturbations(); p++) {
        double[][] n = network.noise(noise, e, p, last, true, clean);
        PlainMixedNetwork.Pass plus = network.pass(x[e], n, +1);
        PlainMixedNetwork.Pass minus = network.pass(x[e], n, -1);
        Pair pair = pair(clean, plus, minus, n, labels[e]);
        double delta = pair.difference;
        for (int s = 0; s < own.length; s++) {
          delta -= dot(pair.tried[s], own[s]);
        }
        if (rule.chained()) {
          chain(pair, own, error);
        } else {
          teach(pair, delta, error);
        }
        for (int l = 0; rule.unbiased() && l < last; l++) {
          double deviation = sigma * shape.layer(l).noise();
          for (int j = 0; j < n[l].length && network.perturbs(l); j++) {
            signal[l][j] += n[l][j] * delta / (deviation * deviation) / rule.perturbations();
          }
        }
        rewards += plus.reward(labels[e]) + minus.reward(labels[e]);
      }
      for (int l = 0; l < last; l++) {
        network.learn(l, clean, signal[l], learningRate, change);
      }
      network.learn(last, clean, error, learningRate * rule.outputRate(), change);
    }
    double mean = rewards / (2.0 * x.length * rule.perturbations());
    return new PlainMixedNetwork.Change(mean, change);
  }

  private Pair pair(
      PlainMixedNetwork.Pass clean,
      PlainMixedNetwork.Pass plus,
      PlainMixedNetwork.Pass minus,
      double[][] noise,
      int label) {
    double[][] tried = new double[shape.depth()][];
    double[][] moved = new double[shape.depth()][];
    for (int l = 0; l < last; l++) {
      tried[l] = noise[l].clone();
      if (shape.layer(l).perturbedBefore()) {
        PlainMixedRules.times(tried[l], clean.of(l).slope());
      }
      moved[l] = PlainMixedRules.half(plus.of(l).states(), minus.of(l).states());
    }
    return new Pair(
        byStage(tried),
        byStage(moved),
        (plus.reward(label) - minus.reward(label)) / 2,
        PlainMixedRules.half(plus.logits(), minus.logits()));
  }

  private double[][] byStage(double[][] byLayer) {
    double[][] by = new double[stages.size()][];
    for (int s = 0; s < by.length; s++) {
      by[s] = new double[stages.get(s).numbers()];
      int first = PlainMixedRules.first(stages.get(s));
      System.arraycopy(byLayer[stages.get(s).layer()], first, by[s], 0, by[s].length);
    }
    return by;
  }

  /** Adds the updates from a pair to {@link #feedbackChange}. */
  private void teach(Pair pair, double delta, double[] error) {
    boolean byReward = rule.teacher() == LearnedFeedback.Teacher.REWARD;
    for (int k = 0; k < error.length; k++) {
      double told = pair.logits[k];
      for (int s = 0; s < feedback.length; s++) {
        told -= dot(pair.tried[s], ofClass(s, k));
      }
      for (int s = 0; s < feedback.length; s++) {
        add(s, k, byReward ? delta * share(error, k) : told, pair.tried[s], power(pair, s));
      }
    }
  }

  /**
   * Returns |q|^2 summed over all stages, or over the stages of one layer, as {@link
   * LearnedFeedback#norm} says.
   */
  private double power(Pair pair, int stage) {
    double power = 0;
    for (int s = 0; s < stages.size(); s++) {
      boolean counts =
          rule.norm() == LearnedFeedback.Norm.ALL
              || stages.get(s).layer() == stages.get(stage).layer();
      power += counts ? dot(pair.tried[s], pair.tried[s]) : 0;
    }
    return power;
  }

  /**
   * Adds the updates of the chained form, with one prediction error for each stage, the last stage
   * first.
   */
  private void chain(Pair pair, double[][] own, double[] error) {
    boolean byReward = rule.teacher() == LearnedFeedback.Teacher.REWARD;
    double[] targets = byReward ? new double[] {pair.difference} : pair.logits.clone();
    for (int s = stages.size() - 1; s >= 0; s--) {
      double[] moved = pair.moved[s];
      for (int t = 0; t < targets.length; t++) {
        double[] told = byReward ? own[s] : ofClass(s, t);
        double value = dot(moved, told);
        for (int k = 0; k < error.length; k++) {
          if (byReward || k == t) {
            double share = byReward ? share(error, k) : 1;
            add(s, k, (targets[t] - value) * share, moved, dot(moved, moved));
          }
        }
        double lambda = rule.chainLambda();
        targets[t] = lambda * targets[t] + (1 - lambda) * value - dot(pair.tried[s], told);
      }
    }
  }

  /** Returns a class's share of a scalar prediction error. */
  private static double share(double[] error, int k) {
    return error[k] / (dot(error, error) + FLOOR);
  }

  private void add(int s, int k, double told, double[] neurons, double power) {
    for (int j = 0; j < neurons.length && power > 0; j++) {
      feedbackChange[s][j][k] +=
          rule.feedbackRate() / rule.perturbations() * told * neurons[j] / power;
    }
  }

  /** Returns the feedback of class k to a stage, by neuron. */
  private double[] ofClass(int s, int k) {
    double[] column = new double[feedback[s].length];
    for (int j = 0; j < column.length; j++) {
      column[j] = feedback[s][j][k];
    }
    return column;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
