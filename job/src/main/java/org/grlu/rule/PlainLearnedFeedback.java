package org.grlu.rule;

import org.grlu.network.NetworkShape;

/**
 * Computes {@link LearnedFeedback} directly from its formulas, in double precision, one example and
 * one perturbation at a time. {@link LearnedFeedbackWorker} computes the same faster. Tests compare
 * it with this class.
 */
final class PlainLearnedFeedback {
  private static final double FLOOR = 1e-3;

  private final LearnedFeedback rule;
  private final PlainNetwork network;
  private final NetworkShape shape;
  private final int last;

  /** B, by hidden layer, unit and class. */
  private final double[][][] feedback;

  /** The change of B, by hidden layer, unit and class. */
  private final double[][][] feedbackChange;

  /**
   * The passes of a pair.
   *
   * @param tried q = noise x mean gate, by hidden layer and unit
   */
  private record Pair(PlainNetwork.Pass plus, PlainNetwork.Pass minus, double[][] tried) {
    /** Returns half the difference of the rewards. */
    double difference(int label) {
      return (plus.reward(label) - minus.reward(label)) / 2;
    }

    /** Returns half the difference of the logits. */
    double[] logits() {
      return halfDifference(plus.logits(), minus.logits());
    }

    /** Returns half the difference of hidden layer l's outputs. */
    double[] moved(int l) {
      return halfDifference(plus.output()[l], minus.output()[l]);
    }

    private static double[] halfDifference(double[] plus, double[] minus) {
      double[] half = new double[plus.length];
      for (int i = 0; i < half.length; i++) {
        half[i] = (plus[i] - minus[i]) / 2;
      }
      return half;
    }
  }

  /**
   * Creates the rule for a network, with feedback that has not changed yet.
   *
   * @param network Not modified, here or in {@link #step}
   * @param feedback Not modified. B, by hidden layer, unit and class
   */
  PlainLearnedFeedback(LearnedFeedback rule, PlainNetwork network, double[][][] feedback) {
    this.rule = rule;
    this.network = network;
    this.shape = network.shape;
    this.last = shape.depth() - 1;
    this.feedback = feedback;
    this.feedbackChange = new double[last][][];
    for (int l = 0; l < last; l++) {
      feedbackChange[l] = new double[shape.units(l)][shape.units(last)];
    }
  }

  /**
   * Returns the sum of the feedback's changes over all steps so far, by hidden layer, unit and
   * class.
   */
  double[][][] feedbackChange() {
    return feedbackChange;
  }

  /**
   * Computes one step.
   *
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the standard deviation of the noise
   * @param noise the scaled noise on hidden neurons
   * @param gumbels for top-k: the draws of perturbation 0, which all passes of an example share
   */
  PlainChange step(
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      PlainNetwork.Draws noise,
      PlainNetwork.Draws gumbels) {
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass clean = PlainBackprop.clean(network, x[e], e, gumbels);
      double[] error = PlainNetwork.softmax(clean.logits());
      for (int k = 0; k < error.length; k++) {
        error[k] = (k == labels[e] ? 1 : 0) - error[k];
      }
      double[][] signal = signal(error);
      // B e, to which the pairs of an unbiased rule add
      double[][] told = signal(error);
      for (int p = 0; p < rule.perturbations(); p++) {
        Pair pair = pair(x[e], e, p, noise, gumbels);
        double delta = pair.difference(labels[e]);
        for (int l = 0; l < last; l++) {
          delta -= dot(pair.tried[l], signal[l]);
        }
        if (rule.chained()) {
          chain(pair, pair.difference(labels[e]), error);
        } else {
          teach(pair, delta, error);
        }
        for (int l = 0; rule.unbiased() && l < last; l++) {
          for (int j = 0; j < told[l].length; j++) {
            told[l][j] += pair.tried[l][j] * delta / (sigma * sigma) / rule.perturbations();
          }
        }
        rewards += pair.plus.reward(labels[e]) + pair.minus.reward(labels[e]);
      }
      for (int l = 0; l < last; l++) {
        for (int j = 0; j < told[l].length; j++) {
          change.add(l, j, learningRate * clean.passed()[l][j] * told[l][j], clean.input()[l]);
        }
      }
      for (int k = 0; k < error.length; k++) {
        change.add(last, k, learningRate * rule.outputRate() * error[k], clean.input()[last]);
      }
    }
    return change.withReward(rewards / (2.0 * x.length * rule.perturbations()));
  }

  /** Returns B e, by hidden layer and unit. */
  private double[][] signal(double[] error) {
    double[][] signal = new double[last][];
    for (int l = 0; l < last; l++) {
      signal[l] = new double[shape.units(l)];
      for (int j = 0; j < signal[l].length; j++) {
        signal[l][j] = dot(feedback[l][j], error);
      }
    }
    return signal;
  }

  private Pair pair(
      double[] x, int example, int p, PlainNetwork.Draws noise, PlainNetwork.Draws gumbels) {
    double[][] n = new double[shape.depth()][];
    double[][] g = new double[last][];
    for (int l = 0; l < last; l++) {
      n[l] = noise.of(example, p, l);
      g[l] = gumbels.of(example, 0, l);
    }
    n[last] = new double[shape.units(last)];
    PlainNetwork.Pass plus = network.pass(x, n, +1, Gate.ACTIVE, g);
    PlainNetwork.Pass minus = network.pass(x, n, -1, Gate.ACTIVE, g);
    double[][] tried = new double[last][];
    for (int l = 0; l < last; l++) {
      tried[l] = new double[n[l].length];
      for (int j = 0; j < n[l].length; j++) {
        tried[l][j] = n[l][j] * (plus.gate()[l][j] + minus.gate()[l][j]) / 2;
      }
    }
    return new Pair(plus, minus, tried);
  }

  /** Adds the updates from a pair to {@link #feedbackChange}. */
  private void teach(Pair pair, double delta, double[] error) {
    double all = 0;
    for (double[] q : pair.tried) {
      all += dot(q, q);
    }
    double[] deltas = pair.logits();
    for (int k = 0; k < error.length; k++) {
      for (int l = 0; l < last; l++) {
        deltas[k] -= dot(pair.tried[l], ofClass(l, k));
      }
    }
    for (int l = 0; l < last; l++) {
      double[] q = pair.tried[l];
      double power = rule.norm() == LearnedFeedback.Norm.ALL ? all : dot(q, q);
      for (int k = 0; k < error.length; k++) {
        boolean byReward = rule.teacher() == LearnedFeedback.Teacher.REWARD;
        add(l, k, byReward ? delta * share(error, k) : deltas[k], q, power);
      }
    }
  }

  /**
   * Adds the updates of the chained form, with one prediction error for each layer, the last layer
   * first.
   */
  private void chain(Pair pair, double difference, double[] error) {
    if (rule.teacher() == LearnedFeedback.Teacher.LOGITS) {
      for (int k = 0; k < error.length; k++) {
        double target = pair.logits()[k];
        for (int l = last - 1; l >= 0; l--) {
          double value = dot(pair.moved(l), ofClass(l, k));
          add(l, k, target - value, pair.moved(l), dot(pair.moved(l), pair.moved(l)));
          target = below(target, value, dot(pair.tried[l], ofClass(l, k)));
        }
      }
      return;
    }
    double[][] signal = signal(error);
    double target = difference;
    for (int l = last - 1; l >= 0; l--) {
      double value = dot(pair.moved(l), signal[l]);
      for (int k = 0; k < error.length; k++) {
        double told = (target - value) * share(error, k);
        add(l, k, told, pair.moved(l), dot(pair.moved(l), pair.moved(l)));
      }
      target = below(target, value, dot(pair.tried[l], signal[l]));
    }
  }

  /** Returns the target G of the layer below. */
  private double below(double target, double value, double own) {
    return rule.chainLambda() * (target - own) + (1 - rule.chainLambda()) * (value - own);
  }

  /** Returns a class's share of a scalar prediction error. */
  private static double share(double[] error, int k) {
    return error[k] / (dot(error, error) + FLOOR);
  }

  private void add(int l, int k, double told, double[] units, double power) {
    for (int j = 0; j < units.length && power > 0; j++) {
      feedbackChange[l][j][k] +=
          rule.feedbackRate() / rule.perturbations() * told * units[j] / power;
    }
  }

  /** Returns the feedback of class k to hidden layer l, by unit. */
  private double[] ofClass(int l, int k) {
    double[] column = new double[shape.units(l)];
    for (int j = 0; j < column.length; j++) {
      column[j] = feedback[l][j][k];
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
