package org.grlu.rule;

import java.util.Arrays;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A network with several kinds of layers in double precision, for the plain forms of the rules.
 * Each layer with weights applies layer norm to its input. The first layer applies layer norm in
 * any case.
 */
final class PlainMixedNetwork {
  final NetworkShape shape;
  final PlainMixedLayer[] layers;

  /** The values of all layers in one pass. */
  record Pass(PlainMixedLayer.Met[] layers) {
    /** Returns the values of layer l. */
    PlainMixedLayer.Met of(int l) {
      return layers[l];
    }

    /** Returns the logits, by class. */
    double[] logits() {
      return layers[layers.length - 1].output();
    }

    /** Returns {@code log(softmax(logits)[label] + 1e-10)}. */
    double reward(int label) {
      return Math.log(PlainNetwork.softmax(logits())[label] + Rewards.FLOOR);
    }

    /** Returns the error {@code onehot(label) - softmax}. */
    double[] error(int label) {
      double[] error = PlainNetwork.softmax(logits());
      for (int k = 0; k < error.length; k++) {
        error[k] = (k == label ? 1 : 0) - error[k];
      }
      return error;
    }
  }

  /**
   * The result of a step.
   *
   * @param meanReward the mean reward of the step's passes
   * @param arrays the change of the weights and biases, by layer and array
   */
  record Change(double meanReward, double[][][] arrays) {}

  /**
   * Copies folded weights in their published form.
   *
   * @param of Not modified
   */
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

  /** Returns a change of 0, by layer and array. */
  double[][][] nothing() {
    return Arrays.stream(layers)
        .map(l -> Arrays.stream(l.arrays).map(a -> new double[a.length]).toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  /** Returns noise of 0, by layer and neuron. */
  double[][] still() {
    return Arrays.stream(layers).map(l -> new double[l.neurons()]).toArray(double[][]::new);
  }

  /** Computes one example's pass without noise. */
  Pass pass(double[] x) {
    return pass(x, still(), 1);
  }

  /**
   * Computes one example's pass.
   *
   * @param x the input, before layer norm
   * @param noise the noise by layer and neuron, before it is multiplied by {@code sign}
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

  /** Returns the gradient by each pre-activation, by layer and neuron. */
  double[][] signals(Pass pass, double[] byLogits) {
    double[][] signals = new double[layers.length][];
    double[] byOutput = byLogits;
    for (int l = layers.length - 1; l >= 0; l--) {
      signals[l] = layers[l].signal(pass.of(l), byOutput);
      byOutput = layers[l].byInput(pass.of(l), signals[l]);
    }
    return signals;
  }

  /**
   * Adds the change that follows from a layer's signal and its inputs in a pass, if the layer
   * learns.
   */
  void learn(int l, Pass pass, double[] signal, double factor, double[][][] change) {
    if (shape.learns(l)) {
      layers[l].learn(pass.of(l), signal, factor, change[l]);
    }
  }

  /** Returns whether layer l may have noise. */
  boolean perturbs(int l) {
    return shape.learns(l) && shape.layer(l).rows() > 0 && shape.layer(l).noise() > 0;
  }

  /**
   * Returns the noise of a pair by layer and neuron. Layers from {@code layers} on, and layers that
   * may not have noise, get 0.
   *
   * @param gated whether neurons that the pass without noise silences get no noise; noise that is
   *     added before an activation is on all neurons
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
