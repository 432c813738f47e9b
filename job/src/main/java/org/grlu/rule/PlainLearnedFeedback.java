package org.grlu.rule;

import org.grlu.network.NetworkShape;

/**
 * {@link LearnedFeedback} as its formulas say it: double precision, one example and one
 * perturbation at a time. {@link LearnedFeedbackWorker} computes the same fast, and tests hold it
 * to this.
 */
final class PlainLearnedFeedback {
  private static final double FLOOR = 1e-3;

  private final LearnedFeedback rule;
  private final PlainNetwork network;
  private final NetworkShape shape;
  private final int last;

  /** By hidden layer, unit and class. */
  private final double[][][] feedback;

  private final double[][][] feedbackChange;

  /** What both members of a pair met, and what was tried: noise x mean gate, by hidden layer. */
  private record Pair(PlainNetwork.Pass plus, PlainNetwork.Pass minus, double[][] tried) {
    /** Half the difference of the rewards. */
    double difference(int label) {
      return (plus.reward(label) - minus.reward(label)) / 2;
    }

    /** Half the difference of the logits. */
    double[] logits() {
      return halfDifference(plus.logits(), minus.logits());
    }

    /** Half the difference of what hidden layer l put out. */
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
   * @param network Not modified, by {@link #step} too.
   * @param feedback Not modified. By hidden layer, unit and class
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

  /** What the step adds to the feedback. */
  double[][][] feedbackChange() {
    return feedbackChange;
  }

  /**
   * One step.
   *
   * @param x by example, before layer norm
   * @param sigma the noise's standard deviation
   * @param noise on hidden neurons, scaled
   * @param gumbels for top-k: those of perturbation 0, for all passes of an example
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
      // B e, and where unbiased what the pairs add to it
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

  /** B e, by hidden layer. */
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

  /** What a pair adds to {@link #feedbackChange}. */
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

  /** The same with a prediction error for each layer, the last first. */
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

  /** What the layer below is told. */
  private double below(double target, double value, double own) {
    return rule.chainLambda() * (target - own) + (1 - rule.chainLambda()) * (value - own);
  }

  /** A class's part of what a scalar tells. */
  private static double share(double[] error, int k) {
    return error[k] / (dot(error, error) + FLOOR);
  }

  private void add(int l, int k, double told, double[] units, double power) {
    for (int j = 0; j < units.length && power > 0; j++) {
      feedbackChange[l][j][k] +=
          rule.feedbackRate() / rule.perturbations() * told * units[j] / power;
    }
  }

  /** The feedback of class k to hidden layer l, by unit. */
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
