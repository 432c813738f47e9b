package org.grlu.rule;

import org.grlu.network.NetworkShape;

/**
 * Computes {@link DirectFeedback} directly from its formula, in double precision and one example at
 * a time. {@link DirectFeedbackWorker} computes the same faster. Tests compare it with this class.
 */
final class PlainDirectFeedback {
  private PlainDirectFeedback() {}

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param feedback B, by hidden layer, unit and class
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param gumbels for top-k: the draws of perturbation 0
   */
  static PlainChange step(
      DirectFeedback rule,
      PlainNetwork network,
      double[][][] feedback,
      double[][] x,
      int[] labels,
      double learningRate,
      PlainNetwork.Draws gumbels) {
    NetworkShape shape = network.shape;
    int last = shape.depth() - 1;
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass pass = PlainBackprop.clean(network, x[e], e, gumbels);
      double[] error = PlainNetwork.softmax(pass.logits());
      for (int k = 0; k < error.length; k++) {
        error[k] = (k == labels[e] ? 1 : 0) - error[k];
        change.add(last, k, learningRate * rule.outputRate() * error[k], pass.input()[last]);
      }
      for (int l = 0; l < last; l++) {
        for (int j = 0; j < shape.units(l); j++) {
          double signal = 0;
          for (int k = 0; k < error.length; k++) {
            signal += feedback[l][j][k] * error[k];
          }
          change.add(l, j, learningRate * pass.passed()[l][j] * signal, pass.input()[l]);
        }
      }
      rewards += pass.reward(labels[e]);
    }
    return change.withReward(rewards / x.length);
  }
}
