package org.grlu.rule;

import java.util.Arrays;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Layer;
import org.grlu.network.Pool;
import org.grlu.network.Recurrent;

/**
 * A layer of a network of several kinds in double precision, by loops over its arrays as published:
 * slow, and written to be read. Numbers of a map are counted position by position, the channels of
 * one together; neurons of a recurrent layer step by step.
 *
 * <p>What makes a kind is which weight takes which input to which neuron, {@link #links}: {@code
 * z[neuron] = b + sum of W[weight] u[input]}; a recurrent layer adds {@code R h[t-1]}.
 */
final class PlainMixedLayer {
  private static final int W = 0;
  private static final int R = 1;

  private final Layer layer;
  private final boolean hidden;

  /** In the order of {@link Layer#parameters}, row-major. */
  final double[][] arrays;

  /**
   * What a pass met.
   *
   * @param input u, after layer norm where the layer has it
   * @param deviation of what it read, before layer norm; NaN where it has none
   * @param states what neurons hand on
   * @param slope the activation's, by neuron
   * @param output what the layer hands on
   */
  record Met(double[] input, double deviation, double[] states, double[] slope, double[] output) {}

  @FunctionalInterface
  private interface Link {
    void of(int neuron, int weight, int input);
  }

  /**
   * @param arrays read as they are
   */
  PlainMixedLayer(Layer layer, boolean hidden, double[][] arrays) {
    this.layer = layer;
    this.hidden = hidden;
    this.arrays = arrays;
  }

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

  /** W as (channels x channels read x size x size), by position where not shared. */
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

  /** Which bias a neuron has. */
  private int bias(int neuron) {
    return neuron % arrays[arrays.length - 1].length;
  }

  /**
   * One pass.
   *
   * @param noise by neuron, before its sign
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

  /** What takes state k of the step before to neuron n. */
  private int recurrent(int n, int k) {
    Recurrent of = (Recurrent) layer;
    return (of.shared() ? n % of.size() : n) * of.size() + k;
  }

  private int before(int n, int k) {
    int size = ((Recurrent) layer).size();
    return (n / size - 1) * size + k;
  }

  /**
   * Adds {@code factor x signal outer what each neuron read}.
   *
   * @param signal by neuron: of its pre-activation
   * @param change Modified. As {@link #arrays}
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

  /** From the gradient by the output to that by each pre-activation. */
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

  /** From that by each pre-activation to that by what the layer reads, before layer norm. */
  double[] byInput(Met met, double[] signal) {
    double[] byInput = new double[met.input.length];
    links((n, w, i) -> byInput[i] += weight(w) * signal[n]);
    return Double.isNaN(met.deviation)
        ? byInput
        : PlainBackprop.throughLayerNorm(byInput, met.input, met.deviation);
  }
}
