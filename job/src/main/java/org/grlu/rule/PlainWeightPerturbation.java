package org.grlu.rule;

/**
 * Computes {@link WeightPerturbation} directly from its formula, in double precision and one pair
 * at a time. {@link WeightPerturbationWorker} computes the same faster. Tests compare it with this
 * class.
 */
final class PlainWeightPerturbation {
  private PlainWeightPerturbation() {}

  /** The source of the noise of each example's pairs. */
  @FunctionalInterface
  interface Draws {
    /** Returns the standard normal noise of an example's pair. */
    PlainNoise of(int example, int pair);
  }

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param sigma the noise scale
   * @param gumbels for top-k: the draws of perturbation 0
   */
  static PlainChange step(
      WeightPerturbation rule,
      PlainNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      double sigma,
      Draws draws,
      PlainNetwork.Draws gumbels) {
    int pairs = rule.perturbations();
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      for (int p = 0; p < pairs; p++) {
        PlainNoise noise = draws.of(e, p);
        PlainNetwork plus = noise.added(network, sigma);
        PlainNetwork minus = noise.added(network, -sigma);
        double better = PlainBackprop.clean(plus, x[e], e, gumbels).reward(labels[e]);
        double worse = PlainBackprop.clean(minus, x[e], e, gumbels).reward(labels[e]);
        noise.addTo(change, learningRate / (pairs * sigma) * (better - worse) / 2);
        rewards += better + worse;
      }
    }
    return change.withReward(rewards / (2 * pairs * x.length));
  }
}
