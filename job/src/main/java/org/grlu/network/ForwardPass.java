package org.grlu.network;

import org.grlu.math.Kernels;
import org.grlu.math.TopK;

/**
 * The unperturbed pass over a few examples at a time, each layer's values kept for whoever wants
 * them: evaluation, and back-propagation.
 *
 * <p>Layer l > 0 works on its input x before layer norm: {@code z = scale (W x - mean (W 1)) + b},
 * with the row's mean and {@code scale = 1 / (std + 1e-8)}.
 */
public final class ForwardPass {
  private final NetworkShape shape;
  private final Kernels kernels = Kernels.best();
  private final int capacity;
  private final float[][] z;
  private final float[][] mask;

  /** Sources, see {@link NetworkShape#firstSource}: (capacity x padded width). */
  private final float[][] source;

  private final float[][] sum;
  private final float[][] square;
  private final float[][] mean;
  private final float[][] scale;
  private final float[][] columnSums;
  private final TopK topK;

  /** (units of the widest hidden layer x lanes); {@link #selected} too. */
  private final float[] scores;

  private final float[] selected;

  /** A row of Gumbel numbers; zeros in evaluation. */
  private final float[] draws;

  /** Draws a row of Gumbel numbers for an example of the batch and a layer. */
  public interface GumbelSource {
    void gumbel(int example, int layer, float[] out, int at);
  }

  /**
   * @param capacity the most examples of one run
   */
  public ForwardPass(NetworkShape shape, int capacity) {
    this.shape = shape;
    this.capacity = capacity;
    int depth = shape.depth();
    z = new float[depth][];
    mask = new float[depth][];
    source = new float[depth][];
    sum = new float[depth][Kernels.padded(capacity)];
    square = new float[depth][Kernels.padded(capacity)];
    mean = new float[depth][Kernels.padded(capacity)];
    scale = new float[depth][Kernels.padded(capacity)];
    columnSums = new float[depth][];
    int widest = 0;
    for (int l = 0; l < depth; l++) {
      z[l] = new float[capacity * shape.stride(l)];
      columnSums[l] = new float[shape.stride(l)];
      if (shape.hidden(l)) {
        mask[l] = new float[capacity * shape.stride(l)];
        source[l + 1] = new float[capacity * shape.stride(l)];
        widest = Math.max(widest, shape.stride(l));
      }
    }
    if (shape.skip() == Skip.DENSE) {
      source[0] = new float[capacity * Kernels.padded(shape.inputs(0))];
    }
    topK = new TopK(kernels, Kernels.LANES);
    scores = new float[widest * Kernels.LANES];
    selected = new float[widest * Kernels.LANES];
    draws = new float[widest];
  }

  /** Reads what a run needs of the weights; to be called when they have changed. */
  public void prepare(Weights weights) {
    for (int l = 1; l < shape.depth(); l++) {
      kernels.columnSums(weights.layer(l), shape.inputs(l), shape.stride(l), columnSums[l]);
    }
  }

  /**
   * Runs examples {@code from} to {@code to} of a batch.
   *
   * @param gumbel the draws that top-k adds to its scores; null in evaluation
   */
  public void run(Weights weights, InputBatch batch, int from, int to, GumbelSource gumbel) {
    int rows = to - from;
    if (rows > capacity) {
      throw new IllegalArgumentException(rows + " examples, more than " + capacity);
    }
    for (int r = 0; r < rows; r++) {
      batch.firstLayer(kernels, weights, from + r, z[0], r * shape.stride(0));
    }
    if (shape.skip() == Skip.DENSE && shape.depth() > 1) {
      int stride = Kernels.padded(shape.inputs(0));
      System.arraycopy(batch.raw(), from * stride, source[0], 0, rows * stride);
      kernels.rowSums(source[0], 0, stride, rows, sum[0], square[0]);
    }
    for (int l = 0; l < shape.depth(); l++) {
      if (l > 0) {
        linear(weights, l, rows);
      }
      if (shape.hidden(l)) {
        activate(l, from, rows, gumbel);
      }
    }
  }

  private void linear(Weights weights, int l, int rows) {
    int stride = shape.stride(l);
    int inputs = shape.inputs(l);
    float[] w = weights.layer(l);
    kernels.clear(z[l], rows * stride);
    int row = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int width = shape.layers().get(i);
      int x = Kernels.padded(width);
      kernels.multiplyAdd(
          rows, stride, width, source[i], 0, x, 1, w, row * stride, stride, z[l], 0, stride);
      row += width;
    }
    int lanes = mean[l].length;
    kernels.clear(mean[l], lanes);
    kernels.clear(scale[l], lanes);
    for (int i = shape.firstSource(l); i <= l; i++) {
      kernels.add(sum[i], mean[l], lanes);
      kernels.add(square[i], scale[l], lanes);
    }
    kernels.layerNorm(inputs, mean[l], scale[l], lanes);
    kernels.normalise(mean[l], scale[l], columnSums[l], w, weights.biasAt(l), rows, stride, z[l]);
  }

  private void activate(int l, int from, int rows, GumbelSource gumbel) {
    int stride = shape.stride(l);
    if (shape.activation() == Activation.RELU) {
      kernels.positive(z[l], mask[l], rows * stride);
    } else {
      for (int r = 0; r < rows; r += Kernels.LANES) {
        select(l, from, r, Math.min(rows, r + Kernels.LANES), gumbel);
      }
    }
    float[] x = source[l + 1];
    kernels.multiply(z[l], mask[l], x, rows * stride);
    if (shape.residual(l)) {
      kernels.add(source[l], x, rows * stride);
    }
    kernels.rowSums(x, 0, stride, rows, sum[l + 1], square[l + 1]);
  }

  /** The top-k masks of rows {@code first} to {@code end}, sixteen at most: a lane each. */
  private void select(int l, int from, int first, int end, GumbelSource gumbel) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    for (int r = first; r < end; r++) {
      if (gumbel != null) {
        gumbel.gumbel(from + r, l, draws, 0);
      }
      for (int u = 0; u < units; u++) {
        scores[u * Kernels.LANES + r - first] = z[l][r * stride + u] + draws[u];
      }
    }
    // what is left over repeats a row: zeros would be ties, which take longest to select from
    for (int lane = end - first; lane < Kernels.LANES; lane++) {
      for (int u = 0; u < units; u++) {
        scores[u * Kernels.LANES + lane] = scores[u * Kernels.LANES];
      }
    }
    topK.mask(scores, units, Kernels.LANES, shape.kept(l), selected);
    for (int r = first; r < end; r++) {
      for (int u = 0; u < units; u++) {
        mask[l][r * stride + u] = selected[u * Kernels.LANES + r - first];
      }
    }
  }

  /**
   * The input of layer {@code l > 0} after layer norm, {@code u = scale (x - mean)}.
   *
   * @param out Modified. (rows x width)
   */
  public void normalisedInput(int l, int rows, float[] out, int width) {
    int column = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int n = shape.layers().get(i);
      for (int r = 0; r < rows; r++) {
        float rowMean = mean[l][r];
        float rowScale = scale[l][r];
        int from = r * Kernels.padded(n);
        for (int j = 0; j < n; j++) {
          out[r * width + column + j] = rowScale * (source[i][from + j] - rowMean);
        }
      }
      column += n;
    }
  }

  /** The logits, (rows x stride of the last layer). */
  public float[] logits() {
    return z[shape.depth() - 1];
  }

  /** Layer {@code l} before its activation, (rows x stride). */
  public float[] preActivation(int l) {
    return z[l];
  }

  /** 1 where hidden layer {@code l} let a neuron through, else 0, (rows x stride). */
  public float[] mask(int l) {
    return mask[l];
  }

  /** Source {@code i} of {@link NetworkShape#firstSource}, (rows x padded width). */
  public float[] source(int i) {
    return source[i];
  }

  /** The mean of layer {@code l}'s input, by row. */
  public float[] mean(int l) {
    return mean[l];
  }

  /** Layer norm's factor for layer {@code l}'s input, by row. */
  public float[] scale(int l) {
    return scale[l];
  }
}
