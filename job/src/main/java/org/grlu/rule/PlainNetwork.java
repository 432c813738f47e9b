package org.grlu.rule;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A network in double precision, by its definition, for the plain forms of the rules: slow, and
 * written to be read. For each layer l:
 *
 * <pre>
 *   normalise   u[l] = (x[l] - mean(x[l])) / (std(x[l]) + 1e-8)
 *   linear      z[l] = W[l] u[l] + b[l]
 *   activate    a[l] = f(z[l]) for hidden layers, z[l] for the last
 *   skip        residual: a[l] + x[l]; dense: x[l] is the network's input and all before it
 *   perturb     x[l+1] = a[l] + sign gate[l] noise[l]
 * </pre>
 */
final class PlainNetwork {
  static final double EPSILON = 1e-8;

  final NetworkShape shape;

  /** By layer, neuron and input. */
  final double[][][] weights;

  /** By layer and neuron. */
  final double[][] biases;

  /** Random numbers of a step: those of one layer's neurons. */
  @FunctionalInterface
  interface Draws {
    double[] of(int example, int perturbation, int layer);
  }

  /**
   * What a pass met, by layer.
   *
   * @param input u, after layer norm
   * @param deviation std(x), before it
   * @param passed 1 for the neurons that the activation let through, 0 for those it silenced
   * @param gate 1 for the neurons that were perturbed
   * @param output x[l+1], what it hands on
   */
  record Pass(
      double[][] input,
      double[] deviation,
      double[][] passed,
      double[][] gate,
      double[][] output,
      double[] logits) {

    /** {@code log(softmax(logits)[label] + 1e-10)}. */
    double reward(int label) {
      return Math.log(softmax(logits)[label] + Rewards.FLOOR);
    }
  }

  /** Folded weights as they are published. */
  PlainNetwork(Weights of) {
    shape = of.shape();
    weights = new double[shape.depth()][][];
    biases = new double[shape.depth()][];
    for (int l = 0; l < shape.depth(); l++) {
      weights[l] = new double[shape.units(l)][shape.inputs(l)];
      biases[l] = new double[shape.units(l)];
      float[] published = of.published(l);
      float[] bias = of.bias(l);
      for (int j = 0; j < shape.units(l); j++) {
        biases[l][j] = bias[j];
        for (int i = 0; i < shape.inputs(l); i++) {
          weights[l][j][i] = published[j * shape.inputs(l) + i];
        }
      }
    }
  }

  private PlainNetwork(NetworkShape shape, double[][][] weights, double[][] biases) {
    this.shape = shape;
    this.weights = weights;
    this.biases = biases;
  }

  /** The same network, in arrays of its own. */
  PlainNetwork copy() {
    double[][][] w =
        Arrays.stream(weights)
            .map(layer -> Arrays.stream(layer).map(double[]::clone).toArray(double[][]::new))
            .toArray(double[][][]::new);
    double[][] b = Arrays.stream(biases).map(double[]::clone).toArray(double[][]::new);
    return new PlainNetwork(shape, w, b);
  }

  /**
   * One example's pass.
   *
   * @param noise by layer, before its sign; zeros for a clean pass
   * @param gumbels by hidden layer: what top-k adds to its scores; unused under ReLU
   */
  Pass pass(double[] x, double[][] noise, double sign, Gate gate, double[][] gumbels) {
    int depth = shape.depth();
    Pass pass =
        new Pass(
            new double[depth][],
            new double[depth],
            new double[depth][],
            new double[depth][],
            new double[depth][],
            new double[shape.units(depth - 1)]);
    double[] current = x;
    double[] all = x;
    for (int l = 0; l < depth; l++) {
      double[] source = shape.firstSource(l) < l ? all : current;
      pass.deviation[l] = deviation(source);
      pass.input[l] = normalised(source);
      double[] z = linear(l, pass.input[l]);
      pass.passed[l] = shape.hidden(l) ? passed(z, gumbels[l]) : ones(z.length);
      boolean gated = gate == Gate.ACTIVE && shape.hidden(l);
      pass.gate[l] = gated ? pass.passed[l] : ones(z.length);
      double[] next = new double[z.length];
      for (int j = 0; j < next.length; j++) {
        double a = z[j] * pass.passed[l][j] + (shape.residual(l) ? current[j] : 0);
        next[j] = a + sign * pass.gate[l][j] * noise[l][j];
      }
      pass.output[l] = next;
      current = next;
      all = DoubleStream.concat(Arrays.stream(all), Arrays.stream(next)).toArray();
    }
    System.arraycopy(current, 0, pass.logits, 0, current.length);
    return pass;
  }

  private double[] linear(int l, double[] u) {
    double[] z = biases[l].clone();
    for (int j = 0; j < z.length; j++) {
      for (int i = 0; i < u.length; i++) {
        z[j] += weights[l][j][i] * u[i];
      }
    }
    return z;
  }

  /** ReLU: above zero; top-k: the largest z + g, ties kept. */
  private double[] passed(double[] z, double[] gumbels) {
    if (shape.activation() == Activation.RELU) {
      return Arrays.stream(z).map(value -> value > 0 ? 1 : 0).toArray();
    }
    double[] scores = z.clone();
    for (int j = 0; j < z.length; j++) {
      scores[j] += gumbels[j];
    }
    int kept = Math.max(1, (int) Math.floor(shape.k() * z.length));
    double least = Arrays.stream(scores).sorted().toArray()[z.length - kept];
    return Arrays.stream(scores).map(score -> score >= least ? 1 : 0).toArray();
  }

  static double[] normalised(double[] x) {
    double mean = mean(x);
    double divisor = deviation(x) + EPSILON;
    return Arrays.stream(x).map(value -> (value - mean) / divisor).toArray();
  }

  static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  /** The population's: divided by n. */
  static double deviation(double[] x) {
    double mean = mean(x);
    return Math.sqrt(mean(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).toArray()));
  }

  static double[] softmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] e = Arrays.stream(logits).map(z -> Math.exp(z - max)).toArray();
    double total = Arrays.stream(e).sum();
    return Arrays.stream(e).map(value -> value / total).toArray();
  }

  static double[] ones(int n) {
    return DoubleStream.generate(() -> 1).limit(n).toArray();
  }
}
