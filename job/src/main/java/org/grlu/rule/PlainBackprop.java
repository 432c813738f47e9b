package org.grlu.rule;

import java.util.Arrays;
import org.grlu.network.NetworkShape;

/**
 * Computes {@link BackwardRule}s directly from their formula, in double precision and one example
 * at a time. {@link BackpropWorker} computes the same faster. Tests compare it with this class.
 */
final class PlainBackprop {
  private PlainBackprop() {}

  /**
   * Computes one step of {@link Backprop}, along the gradient of the mean reward.
   *
   * @param network Not modified
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param gumbels for top-k: the draws of perturbation 0
   */
  static PlainChange step(
      PlainNetwork network,
      double[][] x,
      int[] labels,
      double learningRate,
      PlainNetwork.Draws gumbels) {
    return step(network, network.weights, x, labels, learningRate, gumbels);
  }

  /**
   * Returns the matrices that {@link SignSymmetry} uses in place of some weights, by layer, neuron
   * and input.
   */
  static double[][][] signs(double[][][] weights) {
    return Arrays.stream(weights)
        .map(layer -> Arrays.stream(layer).map(PlainBackprop::signs).toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  private static double[] signs(double[] row) {
    return Arrays.stream(row).map(w -> Math.signum(w) * Math.sqrt(2.0 / row.length)).toArray();
  }

  /**
   * Computes one step.
   *
   * @param network Not modified
   * @param back the matrices that send gradients back, by layer, neuron and input; layer 0 is not
   *     read
   * @param x by example and input, before layer norm
   * @param labels by example
   * @param gumbels for top-k: the draws of perturbation 0
   */
  static PlainChange step(
      PlainNetwork network,
      double[][][] back,
      double[][] x,
      int[] labels,
      double learningRate,
      PlainNetwork.Draws gumbels) {
    NetworkShape shape = network.shape;
    int last = shape.depth() - 1;
    PlainChange change = PlainChange.none(network);
    double rewards = 0;
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass pass = clean(network, x[e], e, gumbels);
      // source 0 is the network's input, source i is the output of hidden layer i - 1
      double[][] bySource = new double[last + 1][];
      for (int i = 0; i <= last; i++) {
        bySource[i] = new double[shape.layers().get(i)];
      }
      for (int l = last; l >= 0; l--) {
        double[] output = l == last ? byLogits(pass.logits(), labels[e]) : bySource[l + 1];
        double[] byInput = new double[shape.inputs(l)];
        for (int j = 0; j < shape.units(l); j++) {
          double delta = output[j] * pass.passed()[l][j];
          change.add(l, j, learningRate / x.length * delta, pass.input()[l]);
          for (int i = 0; l > 0 && i < byInput.length; i++) {
            byInput[i] += delta * back[l][j][i];
          }
        }
        double[] byValues = throughLayerNorm(byInput, pass.input()[l], pass.deviation()[l]);
        int at = 0;
        for (int i = shape.firstSource(l); i <= l; i++) {
          for (int j = 0; j < bySource[i].length; j++) {
            bySource[i][j] += byValues[at++] + (shape.residual(l) ? output[j] : 0);
          }
        }
      }
      rewards += pass.reward(labels[e]);
    }
    return change.withReward(rewards / x.length);
  }

  /** Returns the pass of an example without noise. */
  static PlainNetwork.Pass clean(
      PlainNetwork network, double[] x, int example, PlainNetwork.Draws gumbels) {
    NetworkShape shape = network.shape;
    double[][] still = new double[shape.depth()][];
    double[][] draws = new double[shape.depth()][];
    for (int l = 0; l < shape.depth(); l++) {
      still[l] = new double[shape.units(l)];
      draws[l] = shape.hidden(l) ? gumbels.of(example, 0, l) : null;
    }
    return network.pass(x, still, 1, Gate.NONE, draws);
  }

  /**
   * Returns the gradient by the logits of {@code log(p + 1e-10)}, where p is the softmax at the
   * label.
   */
  static double[] byLogits(double[] logits, int label) {
    double[] softmax = PlainNetwork.softmax(logits);
    double slope = softmax[label] / (softmax[label] + Rewards.FLOOR);
    double[] gradient = new double[logits.length];
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] = slope * ((j == label ? 1 : 0) - softmax[j]);
    }
    return gradient;
  }

  /**
   * Turns the gradient g by {@code u = (x - mean) / (std + 1e-8)} into the gradient by x: {@code (g
   * - mean(g) - u mean(g u) (std + 1e-8) / std) / (std + 1e-8)}. The result is zero if all x are
   * equal.
   */
  static double[] throughLayerNorm(double[] g, double[] u, double deviation) {
    double[] gu = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      gu[i] = g[i] * u[i];
    }
    double divisor = deviation + PlainNetwork.EPSILON;
    double[] back = new double[g.length];
    for (int i = 0; deviation > 0 && i < g.length; i++) {
      double mean = PlainNetwork.mean(g) + u[i] * PlainNetwork.mean(gu) * divisor / deviation;
      back[i] = (g[i] - mean) / divisor;
    }
    return back;
  }
}
