package org.grlu.rule;

import java.util.function.IntFunction;

/**
 * Computes {@link Evolution} directly from its formula, in double precision and one pair at a time.
 * {@link RankOneWorker}, {@link FullNoiseWorker} and {@link EvolutionUpdate} compute the same
 * faster. Tests compare them with this class.
 */
final class PlainEvolution {
  private PlainEvolution() {}

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale
   * @param noise returns the standard normal noise of a pair
   * @param gumbels for top-k: the draws of perturbation 0
   */
  static PlainChange step(
      Evolution rule,
      PlainNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      IntFunction<PlainNoise> noise,
      PlainNetwork.Draws gumbels) {
    int pairs = rule.perturbations();
    double[] fitness = new double[pairs];
    double rewards = 0;
    for (int p = 0; p < pairs; p++) {
      double plus = reward(noise.apply(p).added(network, sigma), x, labels, gumbels);
      double minus = reward(noise.apply(p).added(network, -sigma), x, labels, gumbels);
      fitness[p] = (plus - minus) / 2;
      rewards += plus + minus;
    }
    double[] shaped = EvolutionUpdate.shaped(fitness, rule.shaping());
    PlainChange change = PlainChange.none(network);
    for (int p = 0; p < pairs; p++) {
      noise.apply(p).addTo(change, learningRate / (pairs * sigma) * shaped[p]);
    }
    return change.withReward(rewards / (2 * pairs));
  }

  /** Returns the mean reward over the examples. */
  private static double reward(
      PlainNetwork network, double[][] x, int[] labels, PlainNetwork.Draws gumbels) {
    double sum = 0;
    for (int e = 0; e < x.length; e++) {
      sum += PlainBackprop.clean(network, x[e], e, gumbels).reward(labels[e]);
    }
    return sum / x.length;
  }
}
