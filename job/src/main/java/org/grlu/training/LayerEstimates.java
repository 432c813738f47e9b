package org.grlu.training;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.Layer;

/**
 * What steps of one example change of a layer's weights and biases, and how that stands to what the
 * gradient changes. See {@link Diagnostics} for what is measured.
 *
 * <p>Of a layer that reads images such a step changes few rows: the constant's, which belongs to
 * all pixels, those of inked pixels, and the bias. Only these are kept, in this order; any other
 * pixel's row changes by the constant's. Where a rule changes more ({@link #changesOthers}), all
 * rows are kept.
 */
final class LayerEstimates {
  /** The share of a square that is taken for rounding. */
  private static final double ROUNDING = 1e-5;

  /** If no more of the mean's square than this is left without noise, its direction is unknown. */
  private static final double KNOWN = 0.25;

  private final Kernels kernels = Kernels.best();
  private final Layer layer;
  private final int stride;
  private final boolean images;

  /** Of the weights' rows those that are kept, {@link #count} of them. */
  private final int[] rows;

  private int count;
  private boolean everyRow;

  // (rows that are kept x stride)
  private final Floats change;
  private final Floats gradient;
  private final Floats sum;

  // the same over all examples, of all rows
  private final Floats total;
  private final Floats totalGradient;

  // of the last two arrays that were compared: their squares and their product
  private final Floats moments;
  private double squareA;
  private double squareB;
  private double product;

  /** The sum of the squares of the example's estimates. */
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

  /** All rows are kept until the next {@link #begin}. */
  void keepEveryRow() {
    everyRow = true;
  }

  /**
   * Begins with an example.
   *
   * @param batch Not modified. Holds it alone
   */
  void example(InputBatch batch) {
    count = 0;
    if (images) {
      rows[count++] = layer.inputs();
    }
    if (images && !everyRow) {
      // its entries end with the bias, the constant and the sum over ink
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

  /** Of a layer that reads images: the row that follows from the pixels' rows. */
  private int inkSumRow() {
    return layer.inputs() + 1;
  }

  /** Whether a step changed rows that are not kept. */
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
   * Takes a change by the gradient; the example's is the sum of all that come before {@link
   * #gradientIsWhole}.
   *
   * @param stepped Modified: becomes {@code before} again, where rows are kept
   */
  void addGradient(Floats stepped, Floats before) {
    take(stepped, before, gradient);
  }

  void gradientIsWhole() {
    addTo(totalGradient, gradient);
    unite(gradient, count);
  }

  /**
   * Takes an estimate, when the gradient is whole.
   *
   * @param stepped Modified: becomes {@code before} again, where rows are kept
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

  /** The example's estimates are all there. */
  void estimatesAreWhole(int draws) {
    addTo(total, sum);
    unite(sum, count);
    compare(sum, sum, count);
    double ofMean = squareA / ((double) draws * draws);
    double deviation = Math.max(0, (squares - draws * ofMean) / (draws - 1));
    signal += ofMean - deviation / draws;
    variance += deviation;
  }

  /** NaN where no estimate has a direction, or no gradient has. */
  double alignmentOfExample() {
    return compared == 0 ? Double.NaN : cosines / compared;
  }

  /** When all examples are done; NaN where the mean's direction is unknown. */
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

  /** NaN where there are no estimates, or they do not differ. */
  double signalToNoise() {
    double noise = variance > ROUNDING * (signal + variance) ? variance : Double.NaN;
    return Math.sqrt(Math.max(0, signal) / noise);
  }

  /** The mean norm of an estimate; NaN where there are none but zeros. */
  double norm(int estimates) {
    return norms == 0 ? Double.NaN : norms / estimates;
  }

  /** The norm of the layer's weights and biases, which are folded. */
  double norm(Floats weights) {
    double square = 0;
    for (int i = 0; i < layer.length(); i++) {
      boolean derived = images && i / stride == inkSumRow();
      square += derived ? 0 : (double) weights.get(i) * weights.get(i);
    }
    return Math.sqrt(square);
  }

  /** Moves a change out of the weights to {@link #change}, and adds it to another array. */
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

  /** Adds the kept rows of an example to those of all. */
  private void addTo(Floats all, Floats kept) {
    for (int r = 0; r < count; r++) {
      kernels.addScaled(1f, kept, r * stride, all, place(rows[r]) * stride, stride);
    }
  }

  /** A row's place where all are kept. */
  private int place(int row) {
    if (!images) {
      return row;
    }
    return row < layer.inputs() ? row + 1 : row == layer.inputs() ? 0 : rows.length - 1;
  }

  /** Adds the constant's part to each pixel's, as it is published. */
  private void unite(Floats x, int kept) {
    for (int r = 1; images && r < kept - 1; r++) {
      kernels.addScaled(1f, x, 0, x, r * stride, stride);
    }
  }

  /** Squares and product of two changes, each over all weights and biases as published. */
  private void compare(Floats a, Floats b, int kept) {
    kernels.pairMoments(a, b, kept * stride, moments);
    squareA = moments.get(1);
    product = moments.get(3);
    squareB = moments.get(4);
    if (images) {
      // the constant's row stands for the pixels that are left out, and is itself none
      int more = layer.inputs() - (kept - 2) - 1;
      kernels.pairMoments(a, b, stride, moments);
      squareA += more * (double) moments.get(1);
      product += more * (double) moments.get(3);
      squareB += more * (double) moments.get(4);
    }
  }
}
