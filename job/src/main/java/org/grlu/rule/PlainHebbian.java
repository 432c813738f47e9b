package org.grlu.rule;

import java.util.function.IntToDoubleFunction;
import org.grlu.network.NetworkShape;

/**
 * Computes {@link Hebbian} directly from its formulas, in double precision and one example at a
 * time. {@link HebbianWorker} computes the same faster. Tests compare it with this class.
 */
final class PlainHebbian {
  private PlainHebbian() {}

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale
   * @param meanReward Rbar
   * @param noise the scaled noise, of perturbation 0
   * @param gumbels for top-k: the draws of perturbation 0, which all passes of an example share
   * @param uniforms by example, a number from 0 to 1 that decides the winner
   */
  static PlainChange step(
      Hebbian rule,
      PlainNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      double meanReward,
      PlainNetwork.Draws noise,
      PlainNetwork.Draws gumbels,
      IntToDoubleFunction uniforms) {
    NetworkShape shape = network.shape;
    int last = shape.depth() - 1;
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass clean = PlainBackprop.clean(network, x[e], e, gumbels);
      double[][] drawn = new double[last + 1][];
      double[][] g = new double[last][];
      for (int l = 0; l <= last; l++) {
        drawn[l] = rule.variant().perturbs() ? noise.of(e, 0, l) : new double[shape.units(l)];
        if (l < last) {
          g[l] = gumbels.of(e, 0, l);
        }
      }
      PlainNetwork.Pass pass = network.pass(x[e], drawn, +1, Gate.ACTIVE, g);
      double[] p = PlainNetwork.softmax(pass.logits());
      double reward = pass.reward(labels[e]);
      int winner = winner(p, uniforms.applyAsDouble(e));
      double told =
          switch (rule.variant()) {
            case REWARD_POST, NOISY_POST, NOISE_ONLY -> reward - meanReward;
            case SAMPLED_WINNER -> (winner == labels[e] ? 1 : 0) - meanReward;
            case ONE_SIDED -> reward - clean.reward(labels[e]);
            case CLAMPED -> 1;
          };
      for (int l = 0; l <= last; l++) {
        double[] post =
            l < last ? hidden(rule, shape, pass, drawn, l) : output(rule, p, winner, labels[e]);
        double deviation = sigma * (l < last ? rule.hiddenNoise() : rule.outputNoise());
        double divisor = rule.variant().perturbs() ? deviation * deviation : 1;
        for (int j = 0; j < post.length; j++) {
          double s = told * (post[j] + pass.gate()[l][j] * drawn[l][j]) / divisor;
          change.add(l, j, learningRate * s, pass.input()[l]);
        }
      }
      boolean won = rule.variant() == Hebbian.Variant.SAMPLED_WINNER;
      rewards += won ? told + meanReward : reward;
    }
    return change.withReward(rewards / x.length);
  }

  /** Returns h of a hidden layer, which contains neither noise nor the skip connection. */
  private static double[] hidden(
      Hebbian rule, NetworkShape shape, PlainNetwork.Pass pass, double[][] drawn, int l) {
    double[] h = new double[shape.units(l)];
    switch (rule.variant()) {
      case REWARD_POST, SAMPLED_WINNER, NOISY_POST -> {
        for (int j = 0; j < h.length; j++) {
          double skip = shape.residual(l) ? pass.output()[l - 1][j] : 0;
          h[j] = pass.output()[l][j] - pass.gate()[l][j] * drawn[l][j] - skip;
        }
      }
      case NOISE_ONLY, ONE_SIDED, CLAMPED -> {
        // no activity
      }
    }
    return h;
  }

  private static double[] output(Hebbian rule, double[] p, int winner, int label) {
    double[] one = new double[p.length];
    switch (rule.variant()) {
      case REWARD_POST, NOISY_POST -> {
        return p;
      }
      case SAMPLED_WINNER -> one[winner] = 1;
      case CLAMPED -> one[label] = 1;
      case NOISE_ONLY, ONE_SIDED -> {
        // no activity
      }
    }
    return one;
  }

  private static int winner(double[] p, double uniform) {
    double below = 0;
    for (int k = 0; k < p.length - 1; k++) {
      below += p[k];
      if (uniform < below) {
        return k;
      }
    }
    return p.length - 1;
  }
}
