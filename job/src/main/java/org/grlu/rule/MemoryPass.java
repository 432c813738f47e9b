package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * Computes the scores of a readout that compares examples with rows that it keeps. All products
 * {@code rows x^T} are computed at once, with one lane for each example.
 */
final class MemoryPass implements Passes {
  private final Kernels kernels = Kernels.best();
  private final String name;
  private final int rows;
  private final int inputs;
  private final int stride;
  private final int classes;
  private final int width;
  private final Scores scores;
  private final Floats x;

  /** The examples, (inputs x lanes). */
  private final Floats columns;

  /** The products of rows and examples, (rows x lanes). */
  private final Floats products;

  private final Floats ofClasses;
  private final Floats logits;
  private final double[] norms;

  /** Turns an example's products into scores. */
  @FunctionalInterface
  interface Scores {
    /**
     * Computes the scores of one example.
     *
     * @param state Not modified. The rule's state
     * @param products Not modified. (rows x lanes), with the example's products in lane {@code
     *     lane}
     * @param norm the norm |x| of the example
     * @param out Modified. (classes). It holds {@link Readout#UNSEEN} for each class before the
     *     call
     */
    void fill(State state, Floats products, int lanes, int lane, double norm, Floats out);
  }

  /**
   * Allocates memory for one thread.
   *
   * @param name the name of the rows in the state
   * @param rows the number of rows
   * @param capacity the largest number of examples in one run
   * @param scores turns an example's products into scores
   */
  MemoryPass(NetworkShape shape, String name, int rows, int capacity, Arena memory, Scores scores) {
    this.name = name;
    this.rows = rows;
    this.inputs = shape.inputs(0);
    this.stride = Inputs.stride(shape);
    this.classes = shape.units(0);
    this.width = shape.stride(0);
    this.scores = scores;
    int lanes = Kernels.padded(capacity);
    this.x = memory.of(stride);
    this.columns = memory.of(inputs * lanes);
    this.products = memory.of(rows * lanes);
    this.ofClasses = memory.of(width);
    this.logits = memory.of(capacity * width);
    this.norms = new double[capacity];
  }

  /**
   * Sets the weights to the rule of class means over the rows of each class. Weights alone cannot
   * express more of a memory, and their digest tells memories apart.
   *
   * @param kept Not modified. The rows, (rows x stride)
   * @param classOf the class of each row; -1 for a row that is not in use
   * @param weights Modified
   */
  static void settle(NetworkShape shape, Floats kept, int[] classOf, Weights weights) {
    int stride = Inputs.stride(shape);
    double[][] means = new double[shape.units(0)][shape.inputs(0)];
    int[] rows = new int[means.length];
    for (int r = 0; r < classOf.length; r++) {
      int c = classOf[r];
      if (c >= 0) {
        rows[c]++;
        // updates the running mean of the class's rows
        for (int i = 0; i < means[c].length; i++) {
          means[c][i] += (kept.get(r * stride + i) - means[c][i]) / rows[c];
        }
      }
    }
    double[] b = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      b[c] = rows[c] == 0 ? Readout.UNSEEN : -Solve.product(means[c], means[c]) / 2;
    }
    ClassSums.set(means, b, weights);
  }

  @Override
  public void prepare(Weights weights) {
    // a run reads the rows as they are
  }

  @Override
  public void run(Weights weights, InputBatch batch, int from, int to) {
    int lanes = Kernels.padded(to - from);
    kernels.clear(columns, inputs * lanes);
    for (int e = from; e < to; e++) {
      batch.normalised(e, x, 0);
      double square = 0;
      for (int i = 0; i < inputs; i++) {
        columns.set(i * lanes + e - from, x.get(i));
        square += (double) x.get(i) * x.get(i);
      }
      norms[e - from] = Math.sqrt(square);
    }
    Floats kept = weights.state().array(name);
    kernels.clear(products, rows * lanes);
    kernels.multiplyAdd(
        rows, lanes, inputs, kept, 0, stride, 1, columns, 0, lanes, products, 0, lanes);
    for (int r = 0; r < to - from; r++) {
      ofClasses.fill(0, classes, Readout.UNSEEN);
      scores.fill(weights.state(), products, lanes, r, norms[r], ofClasses);
      logits.copy(ofClasses, 0, r * width, classes);
    }
  }

  @Override
  public Floats logits() {
    return logits;
  }

  @Override
  public Floats values(int l) {
    return logits;
  }

  @Override
  public Floats passed(int l) {
    throw new IllegalStateException("there is no hidden layer " + l);
  }
}
