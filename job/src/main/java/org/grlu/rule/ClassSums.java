package org.grlu.rule;

import java.util.List;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * Keeps the sum S_c of each class's examples and their number n_c, for readouts that use the means
 * of classes.
 */
final class ClassSums {
  private static final String SUMS = "class_sums";
  private static final String RESTS = "class_rests";
  private static final String COUNTS = "class_counts";

  private final int classes;
  private final int inputs;
  private final int stride;
  private final Floats sums;
  private final Floats rests;
  private final Floats counts;

  /** Creates an object over the arrays in a state. The methods change these arrays. */
  ClassSums(NetworkShape shape, State state) {
    this.classes = shape.units(0);
    this.inputs = shape.inputs(0);
    this.stride = Inputs.stride(shape);
    this.sums = state.array(SUMS);
    this.rests = state.array(RESTS);
    this.counts = state.array(COUNTS);
  }

  /** Returns a new state in which all sums and numbers are 0. */
  static State state(NetworkShape shape) {
    int classes = shape.units(0);
    int n = classes * Inputs.stride(shape);
    List<Integer> size = List.of(classes, Inputs.stride(shape));
    return State.NONE
        .and(SUMS, State.Reader.UPDATE, size, Floats.of(n))
        .and(RESTS, State.Reader.UPDATE, size, Floats.of(n))
        .and(COUNTS, State.Reader.UPDATE, List.of(classes), Floats.of(classes));
  }

  /**
   * Adds an example.
   *
   * @param x Not modified. (stride)
   */
  void add(Floats x, int label) {
    ExactSums.add(x, 0, sums, rests, label * stride, stride);
    counts.set(label, counts.get(label) + 1);
  }

  int classes() {
    return classes;
  }

  int inputs() {
    return inputs;
  }

  /** Returns n_c. */
  double count(int c) {
    return counts.get(c);
  }

  /** Returns N, the number of examples of all classes. */
  double count() {
    double all = 0;
    for (int c = 0; c < classes; c++) {
      all += count(c);
    }
    return all;
  }

  /** Returns element {@code i} of S_c. */
  double sum(int c, int i) {
    return ExactSums.get(sums, rests, c * stride + i);
  }

  /** Returns the mean of a class's examples, (inputs), or zeros if the class has none. */
  double[] mean(int c) {
    double[] mean = new double[inputs];
    for (int i = 0; i < inputs; i++) {
      mean[i] = count(c) == 0 ? 0 : sum(c, i) / count(c);
    }
    return mean;
  }

  /** Returns the mean of all examples, (inputs). */
  double[] mean() {
    double[] mean = new double[inputs];
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < inputs; i++) {
        mean[i] += sum(c, i);
      }
    }
    for (int i = 0; i < inputs; i++) {
      mean[i] /= count();
    }
    return mean;
  }

  /**
   * Sets the network's weights and biases.
   *
   * @param w Not modified. The weights w_c, (classes x inputs)
   * @param b Not modified. The biases, (classes)
   * @param weights Modified
   */
  static void set(double[][] w, double[] b, Weights weights) {
    int inputs = w[0].length;
    float[] matrix = new float[w.length * inputs];
    float[] bias = new float[w.length];
    for (int c = 0; c < w.length; c++) {
      bias[c] = (float) b[c];
      for (int i = 0; i < inputs; i++) {
        matrix[c * inputs + i] = (float) w[c][i];
      }
    }
    weights.set(0, matrix, bias);
  }
}
