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
      double[][] signal = new double[last][];
      for (int l = 0; l < last; l++) {
        signal[l] = new double[shape.units(l)];
        for (int j = 0; j < signal[l].length; j++) {
          signal[l][j] = dot(feedback[l][j], error);
        }
      }
      double[][] told = new double[last][];
      for (int l = 0; l < last; l++) {
        told[l] = signal[l].clone();
      }
      for (int p = 0; p < rule.perturbations(); p++) {
        double[][] n = new double[shape.depth()][];
        double[][] g = new double[last][];
        for (int l = 0; l < last; l++) {
          n[l] = noise.of(e, p, l);
          g[l] = gumbels.of(e, 0, l);
        }
        n[last] = new double[shape.units(last)];
        PlainNetwork.Pass plus = network.pass(x[e], n, +1, Gate.ACTIVE, g);
        PlainNetwork.Pass minus = network.pass(x[e], n, -1, Gate.ACTIVE, g);
        double difference = (plus.reward(labels[e]) - minus.reward(labels[e])) / 2;
        double[][] tried = tried(n, plus, minus);
        double delta = difference;
        for (int l = 0; l < last; l++) {
          delta -= dot(tried[l], signal[l]);
        }
        teach(tried, delta, error, plus.logits(), minus.logits());
        for (int l = 0; rule.unbiased() && l < last; l++) {
          for (int j = 0; j < told[l].length; j++) {
            told[l][j] += tried[l][j] * delta / (sigma * sigma) / rule.perturbations();
          }
        }
        rewards += plus.reward(labels[e]) + minus.reward(labels[e]);
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

  /** Noise x mean gate, by hidden layer. */
  private double[][] tried(double[][] noise, PlainNetwork.Pass plus, PlainNetwork.Pass minus) {
    double[][] tried = new double[last][];
    for (int l = 0; l < last; l++) {
      tried[l] = new double[noise[l].length];
      for (int j = 0; j < noise[l].length; j++) {
        tried[l][j] = noise[l][j] * (plus.gate()[l][j] + minus.gate()[l][j]) / 2;
      }
    }
    return tried;
  }

  /** What a pair adds to {@link #feedbackChange}. */
  private void teach(
      double[][] tried, double delta, double[] error, double[] plus, double[] minus) {
    double all = 0;
    for (double[] q : tried) {
      all += dot(q, q);
    }
    for (int l = 0; l < last; l++) {
      double power = rule.norm() == LearnedFeedback.Norm.ALL ? all : dot(tried[l], tried[l]);
      for (int k = 0; k < error.length && power > 0; k++) {
        double told =
            rule.teacher() == LearnedFeedback.Teacher.REWARD
                ? delta * error[k] / (dot(error, error) + FLOOR)
                : (plus[k] - minus[k]) / 2 - expected(tried, k);
        for (int j = 0; j < tried[l].length; j++) {
          feedbackChange[l][j][k] +=
              rule.feedbackRate() / rule.perturbations() * told * tried[l][j] / power;
        }
      }
    }
  }

  /** The change of a logit that feedback expects. */
  private double expected(double[][] tried, int k) {
    double sum = 0;
    for (int l = 0; l < last; l++) {
      for (int j = 0; j < tried[l].length; j++) {
        sum += tried[l][j] * feedback[l][j][k];
      }
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
