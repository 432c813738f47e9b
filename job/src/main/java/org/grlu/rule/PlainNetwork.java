package org.grlu.rule;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A network of dense layers in double precision, for the plain forms of the rules. It is slow, and
 * written to be read. For each layer l:
 *
 * <pre>
 *   normalise   u[l] = (x[l] - mean(x[l])) / (std(x[l]) + 1e-8)
 *   linear      z[l] = W[l] u[l] + b[l]
 *   activate    a[l] = f(z[l]) for hidden layers, z[l] for the last
 *   skip        residual: a[l] + x[l]; dense: x[l] is the input and all earlier outputs
 *   perturb     x[l+1] = a[l] + sign gate[l] noise[l]
 * </pre>
 */
final class PlainNetwork {
  /** The number that layer norm adds to the standard deviation. */
  static final double EPSILON = 1e-8;

  final NetworkShape shape;

  /** The weights, by layer, neuron and input. */
  final double[][][] weights;

  /** The biases, by layer and neuron. */
  final double[][] biases;

  /** The source of a step's random numbers. */
  @FunctionalInterface
  interface Draws {
    /** Returns the random numbers of one layer's neurons. */
    double[] of(int example, int perturbation, int layer);
  }

  /**
   * The values of all layers in one pass.
   *
   * @param input u, after layer norm, by layer and input
   * @param deviation std(x), before layer norm, by layer
   * @param passed by layer and neuron, 1 if the activation lets the neuron through, else 0
   * @param gate by layer and neuron, 1 if the neuron is perturbed, else 0
   * @param output x[l+1], by layer and neuron
   * @param logits by class
   */
  record Pass(
      double[][] input,
      double[] deviation,
      double[][] passed,
      double[][] gate,
      double[][] output,
      double[] logits) {

    /** Returns the reward {@code log(softmax(logits)[label] + 1e-10)}. */
    double reward(int label) {
      return Math.log(softmax(logits)[label] + Rewards.FLOOR);
    }
  }

  /**
   * Copies folded weights in their published form.
   *
   * @param of Not modified
   */
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

  /** Returns a copy of the network, with its own arrays. */
  PlainNetwork copy() {
    double[][][] w =
        Arrays.stream(weights)
            .map(layer -> Arrays.stream(layer).map(double[]::clone).toArray(double[][]::new))
            .toArray(double[][][]::new);
    double[][] b = Arrays.stream(biases).map(double[]::clone).toArray(double[][]::new);
    return new PlainNetwork(shape, w, b);
  }

  /**
   * Computes one example's pass.
   *
   * @param x the network's input, before layer norm
   * @param noise the noise by layer and neuron, before it is multiplied by {@code sign}; zeros for
   *     a pass without noise
   * @param gate which hidden neurons are perturbed
   * @param gumbels the numbers that top-k adds to its scores, by hidden layer and neuron; unused
   *     under ReLU
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

  /**
   * Returns 1 for the neurons that the activation lets through, else 0. ReLU lets z above zero
   * through. Top-k lets the largest z + g through, all ties included.
   */
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

  /** Returns {@code (x - mean(x)) / (std(x) + 1e-8)}. */
  static double[] normalised(double[] x) {
    double mean = mean(x);
    double divisor = deviation(x) + EPSILON;
    return Arrays.stream(x).map(value -> (value - mean) / divisor).toArray();
  }

  static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  /** Returns the population standard deviation, with the divisor n. */
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
