package org.grlu.rule;

import java.util.Arrays;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A network of several kinds of layers in double precision, for the plain forms of the rules. Each
 * layer with weights normalises all that it reads; so is the network's input, whatever reads it.
 */
final class PlainMixedNetwork {
  final NetworkShape shape;
  final PlainMixedLayer[] layers;

  /** What a pass met, by layer. */
  record Pass(PlainMixedLayer.Met[] layers) {
    PlainMixedLayer.Met of(int l) {
      return layers[l];
    }

    double[] logits() {
      return layers[layers.length - 1].output();
    }

    double reward(int label) {
      return Math.log(PlainNetwork.softmax(logits())[label] + Rewards.FLOOR);
    }

    /** {@code onehot(label) - softmax}. */
    double[] error(int label) {
      double[] error = PlainNetwork.softmax(logits());
      for (int k = 0; k < error.length; k++) {
        error[k] = (k == label ? 1 : 0) - error[k];
      }
      return error;
    }
  }

  /**
   * What a step gives.
   *
   * @param arrays what it adds to the weights, by layer and array
   */
  record Change(double meanReward, double[][][] arrays) {}

  /** Folded weights as they are published. */
  PlainMixedNetwork(Weights of) {
    shape = of.shape();
    layers = new PlainMixedLayer[shape.depth()];
    for (int l = 0; l < layers.length; l++) {
      double[][] arrays =
          of.arrays(l).values().stream().map(PlainMixedNetwork::wide).toArray(double[][]::new);
      layers[l] = new PlainMixedLayer(shape.layer(l), shape.hidden(l), arrays);
    }
  }

  private static double[] wide(float[] x) {
    double[] wide = new double[x.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = x[i];
    }
    return wide;
  }

  /** No change yet. */
  double[][][] nothing() {
    return Arrays.stream(layers)
        .map(l -> Arrays.stream(l.arrays).map(a -> new double[a.length]).toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  /** Noise that is none, by layer and neuron. */
  double[][] still() {
    return Arrays.stream(layers).map(l -> new double[l.neurons()]).toArray(double[][]::new);
  }

  Pass pass(double[] x) {
    return pass(x, still(), 1);
  }

  /**
   * One example's pass.
   *
   * @param noise by layer and neuron, before its sign
   */
  Pass pass(double[] x, double[][] noise, double sign) {
    PlainMixedLayer.Met[] met = new PlainMixedLayer.Met[layers.length];
    double[] current = x;
    for (int l = 0; l < layers.length; l++) {
      boolean normalises = l == 0 || shape.layer(l).rows() > 0;
      met[l] = layers[l].pass(current, normalises, noise[l], sign);
      current = met[l].output();
    }
    return new Pass(met);
  }

  /** By layer and neuron: the gradient by its pre-activation. */
  double[][] signals(Pass pass, double[] byLogits) {
    double[][] signals = new double[layers.length][];
    double[] byOutput = byLogits;
    for (int l = layers.length - 1; l >= 0; l--) {
      signals[l] = layers[l].signal(pass.of(l), byOutput);
      byOutput = layers[l].byInput(pass.of(l), signals[l]);
    }
    return signals;
  }

  /** Adds what a layer that learns learns of its signal in a pass without noise. */
  void learn(int l, Pass pass, double[] signal, double factor, double[][][] change) {
    if (shape.learns(l)) {
      layers[l].learn(pass.of(l), signal, factor, change[l]);
    }
  }

  /** Whether layer l may have noise. */
  boolean perturbs(int l) {
    return shape.learns(l) && shape.layer(l).rows() > 0 && shape.layer(l).noise() > 0;
  }

  /**
   * Noise of a pair by layer, on those that are asked for and may have it.
   *
   * @param gated whether neurons that a clean pass silences get none; noise before an activation is
   *     on all
   */
  double[][] noise(
      PlainNetwork.Draws draws, int example, int pair, int layers, boolean gated, Pass clean) {
    double[][] noise = still();
    for (int l = 0; l < layers; l++) {
      if (!perturbs(l)) {
        continue;
      }
      noise[l] = draws.of(example, pair, l).clone();
      boolean masks = gated && shape.hidden(l) && !shape.layer(l).perturbedBefore();
      for (int n = 0; masks && n < noise[l].length; n++) {
        noise[l][n] *= clean.of(l).slope()[n];
      }
    }
    return noise;
  }
}
