package org.grlu.rule;

import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** The reward of a network by its definition, in double: slow, for small networks. */
final class DoubleNetwork {
  private final NetworkShape shape;

  /** (out x in) row-major. */
  final double[][] weights;

  final double[][] biases;

  /** By layer, for top-k: 1 for the neurons let through. Null for ReLU. */
  private double[][] mask;

  DoubleNetwork(Weights of) {
    shape = of.shape();
    weights = new double[shape.depth()][];
    biases = new double[shape.depth()][];
    for (int l = 0; l < shape.depth(); l++) {
      weights[l] = wide(of.published(l));
      biases[l] = wide(of.bias(l));
    }
  }

  static double[] wide(float[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i];
    }
    return out;
  }

  /** Keeps these neurons from now on. */
  void fix(double[][] masks) {
    mask = masks;
  }

  double reward(double[] input, int label) {
    double[] z = preActivations(input)[shape.depth() - 1];
    double total = 0;
    for (double value : z) {
      total += Math.exp(value - z[label]);
    }
    return Math.log(1 / total + 1e-10);
  }

  /** Each layer before its activation. */
  double[][] preActivations(double[] input) {
    double[][] z = new double[shape.depth()][];
    double[] source = input;
    double[] seen = input;
    for (int l = 0; l < shape.depth(); l++) {
      z[l] = linear(l, normalised(shape.firstSource(l) == 0 ? seen : source));
      if (shape.hidden(l)) {
        double[] next = new double[z[l].length];
        for (int j = 0; j < next.length; j++) {
          double pass = mask == null ? (z[l][j] > 0 ? 1 : 0) : mask[l][j];
          next[j] = z[l][j] * pass + (shape.residual(l) ? source[j] : 0);
        }
        source = next;
        seen = joined(seen, next);
      }
    }
    return z;
  }

  private double[] linear(int l, double[] u) {
    double[] z = biases[l].clone();
    for (int j = 0; j < z.length; j++) {
      for (int i = 0; i < u.length; i++) {
        z[j] += weights[l][j * u.length + i] * u[i];
      }
    }
    return z;
  }

  private static double[] normalised(double[] x) {
    double mean = 0;
    double squares = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    for (double value : x) {
      squares += (value - mean) * (value - mean) / x.length;
    }
    double[] u = new double[x.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = (x[i] - mean) / (Math.sqrt(squares) + 1e-8);
    }
    return u;
  }

  private static double[] joined(double[] a, double[] b) {
    double[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }
}
