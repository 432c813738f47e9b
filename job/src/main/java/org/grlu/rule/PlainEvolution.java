package org.grlu.rule;

import java.util.function.IntFunction;

/**
 * {@link Evolution} as its formula says it: double precision, one pair at a time. {@link
 * RankOneWorker}, {@link FullNoiseWorker} and {@link EvolutionUpdate} compute the same fast, and
 * tests hold them to this.
 */
final class PlainEvolution {
  private PlainEvolution() {}

  /**
   * One step.
   *
   * @param x by example, before layer norm
   * @param noise of each pair
   * @param gumbels for top-k: those of perturbation 0
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

  /** The mean over examples. */
  private static double reward(
      PlainNetwork network, double[][] x, int[] labels, PlainNetwork.Draws gumbels) {
    double sum = 0;
    for (int e = 0; e < x.length; e++) {
      sum += PlainBackprop.clean(network, x[e], e, gumbels).reward(labels[e]);
    }
    return sum / x.length;
  }
}
