package org.grlu.rule;

import java.util.Arrays;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Layer;
import org.grlu.network.Pool;
import org.grlu.network.Recurrent;

/**
 * A layer of a network with several kinds of layers, in double precision. It loops over the layer's
 * arrays in their published form. It is slow, and written to be read. The numbers of a map are in
 * the order of positions, with all channels of a position together. The neurons of a recurrent
 * layer are in the order of time steps.
 *
 * <p>Kinds of layers differ in which weight takes which input to which neuron. {@link #links} lists
 * these connections: {@code z[neuron] = b + sum of W[weight] u[input]}. A recurrent layer adds
 * {@code R h[t-1]}.
 */
final class PlainMixedLayer {
  private static final int W = 0;
  private static final int R = 1;

  private final Layer layer;
  private final boolean hidden;

  /** The weights and biases in the order of {@link Layer#parameters}, each array row-major. */
  final double[][] arrays;

  /**
   * The values of a layer in one pass.
   *
   * @param input u, the layer's input, after layer norm if the layer has it
   * @param deviation the standard deviation of the input before layer norm; NaN without layer norm
   * @param states the output of each neuron
   * @param slope the activation's slope, by neuron
   * @param output the output of the layer; in a recurrent layer the states of the last time step
   */
  record Met(double[] input, double deviation, double[] states, double[] slope, double[] output) {}

  /** Receives the numbers of a neuron, of a weight in W and of an input that they connect. */
  @FunctionalInterface
  private interface Link {
    void of(int neuron, int weight, int input);
  }

  /**
   * Creates a layer.
   *
   * @param hidden whether it is not the network's last layer
   * @param arrays the weights and biases, which the layer keeps without a copy
   */
  PlainMixedLayer(Layer layer, boolean hidden, double[][] arrays) {
    this.layer = layer;
    this.hidden = hidden;
    this.arrays = arrays;
  }

  /** Returns the number of neurons. */
  int neurons() {
    return layer.neurons().numbers();
  }

  private void links(Link link) {
    if (layer instanceof Dense dense) {
      for (int j = 0; j < dense.size(); j++) {
        for (int i = 0; i < layer.inputs(); i++) {
          link.of(j, j * layer.inputs() + i, i);
        }
      }
    } else if (layer instanceof Convolution convolution) {
      links(convolution, link);
    } else if (layer instanceof Recurrent recurrent) {
      int piece = layer.inputs() / recurrent.steps();
      for (int n = 0; n < neurons(); n++) {
        int row = recurrent.shared() ? n % recurrent.size() : n;
        for (int i = 0; i < piece; i++) {
          link.of(n, row * piece + i, n / recurrent.size() * piece + i);
        }
      }
    } else if (layer instanceof Pool pool) {
      links(pool, link);
    }
  }

  /**
   * Lists the connections of a convolution. W is (channels x channels read x size x size), with one
   * such array for each position if weights are not shared.
   */
  private static void links(Convolution c, Link link) {
    int size = c.size();
    int width = c.puts().width();
    int read = c.reads().channels();
    for (int p = 0; p < c.puts().positions(); p++) {
      for (int out = 0; out < c.channels(); out++) {
        int row = (c.shared() ? 0 : p * c.channels()) + out;
        for (int in = 0; in < read; in++) {
          for (int k = 0; k < size * size; k++) {
            int y = p / width * c.stepSize() + k / size - c.padding();
            int x = p % width * c.stepSize() + k % size - c.padding();
            if (y >= 0 && y < c.reads().height() && x >= 0 && x < c.reads().width()) {
              int number = (y * c.reads().width() + x) * read + in;
              link.of(p * c.channels() + out, (row * read + in) * size * size + k, number);
            }
          }
        }
      }
    }
  }

  private static void links(Pool pool, Link link) {
    int size = pool.size();
    int channels = pool.reads().channels();
    int width = pool.puts().width();
    for (int n = 0; n < pool.puts().numbers(); n++) {
      int position = n / channels;
      for (int k = 0; k < size * size; k++) {
        int y = position / width * size + k / size;
        int x = position % width * size + k % size;
        link.of(n, 0, (y * pool.reads().width() + x) * channels + n % channels);
      }
    }
  }

  private double weight(int number) {
    return layer instanceof Pool pool ? 1.0 / (pool.size() * pool.size()) : arrays[W][number];
  }

  /** Returns the number of a neuron's bias. */
  private int bias(int neuron) {
    return neuron % arrays[arrays.length - 1].length;
  }

  /**
   * Computes one pass.
   *
   * @param x the layer's input, before layer norm
   * @param normalises whether layer norm is applied
   * @param noise the noise by neuron, before it is multiplied by {@code sign}
   */
  Met pass(double[] x, boolean normalises, double[] noise, double sign) {
    double[] u = normalises ? PlainNetwork.normalised(x) : x;
    double deviation = normalises ? PlainNetwork.deviation(x) : Double.NaN;
    double[] z = new double[neurons()];
    for (int n = 0; n < z.length && arrays.length > 0; n++) {
      z[n] = arrays[arrays.length - 1][bias(n)];
    }
    links((n, w, i) -> z[n] += weight(w) * u[i]);
    double[] states = new double[z.length];
    double[] slope = new double[z.length];
    if (layer instanceof Recurrent recurrent) {
      double[] output = recur(recurrent, z, noise, sign, states, slope);
      return new Met(u, deviation, states, slope, output);
    }
    boolean rectifies = hidden && !(layer instanceof Pool);
    for (int n = 0; n < z.length; n++) {
      slope[n] = !rectifies || z[n] > 0 ? 1 : 0;
      states[n] = slope[n] * z[n] + sign * noise[n];
    }
    return new Met(u, deviation, states, slope, states);
  }

  private double[] recur(
      Recurrent of, double[] drive, double[] noise, double sign, double[] states, double[] slope) {
    int size = of.size();
    for (int n = 0; n < drive.length; n++) {
      double z = drive[n] + sign * noise[n];
      for (int k = 0; n >= size && k < size; k++) {
        z += arrays[R][recurrent(n, k)] * states[before(n, k)];
      }
      states[n] = Math.tanh(z);
      slope[n] = 1 - states[n] * states[n];
    }
    return Arrays.copyOfRange(states, drive.length - size, drive.length);
  }

  /**
   * Returns the number of the weight in R that takes state k of the time step before to neuron n.
   */
  private int recurrent(int n, int k) {
    Recurrent of = (Recurrent) layer;
    return (of.shared() ? n % of.size() : n) * of.size() + k;
  }

  /** Returns the number of state k of the time step before neuron n's. */
  private int before(int n, int k) {
    int size = ((Recurrent) layer).size();
    return (n / size - 1) * size + k;
  }

  /**
   * Adds {@code factor x signal x input} for each connection, and the terms of biases and recurrent
   * weights.
   *
   * @param signal the signal by neuron, for its pre-activation
   * @param change Modified. The arrays have the shapes of {@link #arrays}
   */
  void learn(Met met, double[] signal, double factor, double[][] change) {
    links((n, w, i) -> change[W][w] += factor * signal[n] * met.input[i]);
    for (int n = 0; n < signal.length; n++) {
      change[change.length - 1][bias(n)] += factor * signal[n];
    }
    if (layer instanceof Recurrent of) {
      for (int n = of.size(); n < signal.length; n++) {
        for (int k = 0; k < of.size(); k++) {
          change[R][recurrent(n, k)] += factor * signal[n] * met.states[before(n, k)];
        }
      }
    }
  }

  /** Turns the gradient by the layer's output into that by each pre-activation. */
  double[] signal(Met met, double[] byOutput) {
    double[] signal = new double[neurons()];
    double[] byState = new double[neurons()];
    System.arraycopy(byOutput, 0, byState, byState.length - byOutput.length, byOutput.length);
    for (int n = byState.length - 1; n >= 0; n--) {
      signal[n] = byState[n] * met.slope[n];
      if (layer instanceof Recurrent of && n >= of.size()) {
        for (int k = 0; k < of.size(); k++) {
          byState[before(n, k)] += arrays[R][recurrent(n, k)] * signal[n];
        }
      }
    }
    return signal;
  }

  /** Turns the gradient by each pre-activation into that by the layer's input before layer norm. */
  double[] byInput(Met met, double[] signal) {
    double[] byInput = new double[met.input.length];
    links((n, w, i) -> byInput[i] += weight(w) * signal[n]);
    return Double.isNaN(met.deviation)
        ? byInput
        : PlainBackprop.throughLayerNorm(byInput, met.input, met.deviation);
  }
}
