package org.grlu.training;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.Layer;

/**
 * Collects for one layer the changes that one-example steps make to its weights and biases, and
 * compares them with the changes that the gradient makes. {@link Diagnostics} has the formulas.
 *
 * <p>In a layer that reads images such a step changes few rows: the constant's row, which counts
 * for all pixels, the rows of inked pixels, and the bias. Only these rows are kept, in this order.
 * The change of any other pixel's weights is the change of the constant's row. Where a rule changes
 * more rows ({@link #changesOthers}), all rows are kept.
 */
final class LayerEstimates {
  /** A variance below this share of the square counts as rounding, that is, as 0. */
  private static final double ROUNDING = 1e-5;

  /**
   * The mean estimate has a known direction if more than this share of its square is left when the
   * noise is subtracted.
   */
  private static final double KNOWN = 0.25;

  private final Kernels kernels = Kernels.best();
  private final Layer layer;
  private final int stride;
  private final boolean images;

  /** The numbers of the kept rows, {@link #count} of them. */
  private final int[] rows;

  private int count;
  private boolean everyRow;

  // one example's changes, (kept rows x stride)
  private final Floats change;
  private final Floats gradient;
  private final Floats sum;

  // the sums over all examples, (all rows x stride)
  private final Floats total;
  private final Floats totalGradient;

  // the squares and the product of the last two arrays that were compared
  private final Floats moments;
  private double squareA;
  private double squareB;
  private double product;

  /** The sum of the squares of the current example's estimates. */
  private double squares;

  // sums over examples
  private double signal;
  private double variance;
  private double norms;
  private double cosines;
  private int compared;

  LayerEstimates(Layer layer, Arena memory) {
    this.layer = layer;
    this.stride = layer.stride();
    this.images = layer.readsImages();
    rows = new int[images ? layer.inputs() + 2 : layer.rows()];
    change = memory.of(rows.length * stride);
    gradient = memory.of(rows.length * stride);
    sum = memory.of(rows.length * stride);
    total = memory.of(rows.length * stride);
    totalGradient = memory.of(rows.length * stride);
    moments = memory.of(Kernels.LANES);
  }

  /** Forgets all examples. */
  void begin() {
    kernels.clear(total, total.length());
    kernels.clear(totalGradient, total.length());
    signal = 0;
    variance = 0;
    norms = 0;
    cosines = 0;
    compared = 0;
    everyRow = false;
  }

  /** Keeps all rows until the next {@link #begin}. */
  void keepEveryRow() {
    everyRow = true;
  }

  /**
   * Begins an example.
   *
   * @param batch Not modified. Holds this example alone
   */
  void example(InputBatch batch) {
    count = 0;
    if (images) {
      rows[count++] = layer.inputs();
    }
    if (images && !everyRow) {
      // an example's entries end with the bias, the constant and the sum over ink
      for (int k = batch.updateFrom(0); k < batch.updateTo(0) - 3; k++) {
        rows[count++] = batch.index()[k];
      }
    } else {
      for (int i = 0; i < (images ? layer.inputs() : layer.rows() - 1); i++) {
        rows[count++] = i;
      }
    }
    if (layer.rows() > 0) {
      rows[count++] = layer.rows() - 1;
    }
    kernels.clear(gradient, count * stride);
    kernels.clear(sum, count * stride);
    squares = 0;
  }

  /**
   * Returns the number of the row that is the sum of the pixels' rows, in a layer that reads
   * images.
   */
  private int inkSumRow() {
    return layer.inputs() + 1;
  }

  /** Returns whether a step changed rows that are not kept. */
  boolean changesOthers(Floats stepped, Floats before) {
    boolean[] known = new boolean[layer.rows()];
    for (int r = 0; r < count; r++) {
      known[rows[r]] = true;
    }
    if (images) {
      known[inkSumRow()] = true;
    }
    for (int i = 0; i < layer.length(); i++) {
      if (!known[i / stride] && stepped.get(i) != before.get(i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes the change that a step by the gradient made. The example's gradient is the sum of all
   * changes taken before {@link #gradientIsWhole}.
   *
   * @param stepped the weights after the step. Modified: kept rows become those of {@code before}
   * @param before the weights before the step. Not modified
   */
  void addGradient(Floats stepped, Floats before) {
    take(stepped, before, gradient);
  }

  /** Ends the gradient of an example. Its estimates follow. */
  void gradientIsWhole() {
    addTo(totalGradient, gradient);
    unite(gradient, count);
  }

  /**
   * Takes the change that a step of the rule made, after {@link #gradientIsWhole}.
   *
   * @param stepped the weights after the step. Modified: kept rows become those of {@code before}
   * @param before the weights before the step. Not modified
   */
  void addEstimate(Floats stepped, Floats before) {
    take(stepped, before, sum);
    unite(change, count);
    compare(change, gradient, count);
    squares += squareA;
    norms += Math.sqrt(squareA);
    double cosine = product / Math.sqrt(squareA * squareB);
    if (!Double.isNaN(cosine)) {
      cosines += cosine;
      compared++;
    }
  }

  /** Ends an example, after its {@code draws} estimates. */
  void estimatesAreWhole(int draws) {
    addTo(total, sum);
    unite(sum, count);
    compare(sum, sum, count);
    double ofMean = squareA / ((double) draws * draws);
    double deviation = Math.max(0, (squares - draws * ofMean) / (draws - 1));
    signal += ofMean - deviation / draws;
    variance += deviation;
  }

  /** Returns alignment_example; NaN where all estimates or all gradients are 0. */
  double alignmentOfExample() {
    return compared == 0 ? Double.NaN : cosines / compared;
  }

  /**
   * Returns alignment_mean, after all examples; NaN where the direction of the mean is unknown.
   * Call it once: it changes the sums.
   */
  double alignmentOfMean(int draws) {
    unite(total, rows.length);
    unite(totalGradient, rows.length);
    compare(total, totalGradient, rows.length);
    double square = squareA - draws * variance;
    if (square <= KNOWN * squareA || squareB == 0) {
      return Double.NaN;
    }
    return Math.max(-1, Math.min(1, product / Math.sqrt(square * squareB)));
  }

  /**
   * Returns signal_to_noise, after all examples; NaN where there are no estimates or all are the
   * same.
   */
  double signalToNoise() {
    double noise = variance > ROUNDING * (signal + variance) ? variance : Double.NaN;
    return Math.sqrt(Math.max(0, signal) / noise);
  }

  /**
   * Returns the mean norm of an estimate; NaN where all estimates are 0.
   *
   * @param estimates the number of estimates of all examples
   */
  double norm(int estimates) {
    return norms == 0 ? Double.NaN : norms / estimates;
  }

  /**
   * Returns the norm of the layer's weights and biases.
   *
   * @param weights Not modified. Folded
   */
  double norm(Floats weights) {
    double square = 0;
    for (int i = 0; i < layer.length(); i++) {
      boolean derived = images && i / stride == inkSumRow();
      square += derived ? 0 : (double) weights.get(i) * weights.get(i);
    }
    return Math.sqrt(square);
  }

  /**
   * Moves the change of a step into {@link #change} and adds it to {@code to}. The weights get
   * their values before the step back.
   */
  private void take(Floats stepped, Floats before, Floats to) {
    int run = images ? stride : count * stride;
    for (int at = 0; at < count * stride; at += run) {
      int from = rows[at / stride] * stride;
      change.copy(stepped, from, at, run);
      kernels.addScaled(-1f, before, from, change, at, run);
      stepped.copy(before, from, from, run);
    }
    kernels.add(change, to, count * stride);
    if (images) {
      int from = inkSumRow() * stride;
      stepped.copy(before, from, from, stride);
    }
  }

  /** Adds the kept rows of an example to the sums over all examples. */
  private void addTo(Floats all, Floats kept) {
    for (int r = 0; r < count; r++) {
      kernels.addScaled(1f, kept, r * stride, all, place(rows[r]) * stride, stride);
    }
  }

  /** Returns the place of a row among all rows. */
  private int place(int row) {
    if (!images) {
      return row;
    }
    return row < layer.inputs() ? row + 1 : row == layer.inputs() ? 0 : rows.length - 1;
  }

  /**
   * Adds the constant's row to each pixel's row, which gives the changes of the published weights.
   */
  private void unite(Floats x, int kept) {
    for (int r = 1; images && r < kept - 1; r++) {
      kernels.addScaled(1f, x, 0, x, r * stride, stride);
    }
  }

  /**
   * Computes the squares and the product of two changes, over all weights and biases as published.
   */
  private void compare(Floats a, Floats b, int kept) {
    kernels.pairMoments(a, b, kept * stride, moments);
    squareA = moments.get(1);
    product = moments.get(3);
    squareB = moments.get(4);
    if (images) {
      // the constant's row stands for all pixels that are not kept, and was counted once already
      int more = layer.inputs() - (kept - 2) - 1;
      kernels.pairMoments(a, b, stride, moments);
      squareA += more * (double) moments.get(1);
      product += more * (double) moments.get(3);
      squareB += more * (double) moments.get(4);
    }
  }
}
