package org.grlu.rule;

import org.grlu.network.NetworkShape;

/**
 * Computes {@link Grlu} as published, directly from its formula, in double precision, one example
 * and one perturbation at a time. {@link GrluWorker} computes the same faster. Tests compare it
 * with this class.
 */
final class PlainGrlu {
  private PlainGrlu() {}

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale, which is used if the rule divides by it
   * @param noise the scaled noise on all neurons
   * @param gumbels for top-k: the draws, which both members of a pair share
   */
  static PlainChange step(
      Grlu rule,
      PlainNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      PlainNetwork.Draws noise,
      PlainNetwork.Draws gumbels) {
    NetworkShape shape = network.shape;
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      for (int p = 0; p < rule.perturbations(); p++) {
        double[][] n = layers(shape.depth(), noise, e, p);
        limit(rule.scope(), n[shape.depth() - 1], labels[e]);
        double[][] g = layers(shape.depth() - 1, gumbels, e, p);
        PlainNetwork.Pass plus = network.pass(x[e], n, +1, rule.gate(), g);
        PlainNetwork.Pass minus = network.pass(x[e], n, -1, rule.gate(), g);
        double difference = (plus.reward(labels[e]) - minus.reward(labels[e])) / 2;
        for (int l = 0; l < shape.depth(); l++) {
          double[] input = mean(plus.input()[l], minus.input()[l]);
          double[] gate = mean(plus.gate()[l], minus.gate()[l]);
          double scale = scale(rule, shape, l, learningRate, sigma);
          for (int j = 0; j < shape.units(l); j++) {
            change.add(l, j, scale * n[l][j] * gate[j] * difference, input);
          }
        }
        rewards += plus.reward(labels[e]) + minus.reward(labels[e]);
      }
    }
    return change.withReward(rewards / (2.0 * x.length * rule.perturbations()));
  }

  private static double scale(
      Grlu rule, NetworkShape shape, int l, double learningRate, double sigma) {
    double deviation = sigma * (shape.hidden(l) ? rule.hiddenNoise() : rule.outputNoise());
    double scale = learningRate / rule.perturbations();
    return rule.normaliseNoise() ? scale / (deviation * deviation) : scale;
  }

  /**
   * Removes the noise outside a scope. This form knows no tasks, so all classes belong to one task.
   */
  private static void limit(Scope scope, double[] noise, int label) {
    for (int j = 0; j < noise.length; j++) {
      noise[j] = scope != Scope.LABEL || j == label ? noise[j] : 0;
    }
  }

  private static double[][] layers(int depth, PlainNetwork.Draws draws, int example, int p) {
    double[][] layers = new double[depth][];
    for (int l = 0; l < depth; l++) {
      layers[l] = draws.of(example, p, l);
    }
    return layers;
  }

  static double[] mean(double[] a, double[] b) {
    double[] mean = new double[a.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (a[i] + b[i]) / 2;
    }
    return mean;
  }
}
