package org.grlu.rule;

/**
 * {@link WeightPerturbation} as its formula says it: double precision, one pair at a time. {@link
 * WeightPerturbationWorker} computes the same fast, and tests hold it to this.
 */
final class PlainWeightPerturbation {
  private PlainWeightPerturbation() {}

  /** The noise of an example's pair. */
  @FunctionalInterface
  interface Draws {
    PlainNoise of(int example, int pair);
  }

  /**
   * One step.
   *
   * @param x by example, before layer norm
   * @param gumbels for top-k: those of perturbation 0
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
