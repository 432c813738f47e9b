package org.grlu.network;

import org.grlu.math.Kernels;
import org.grlu.math.TopK;

/**
 * The unperturbed pass over a few examples at a time, each layer's values kept for whoever wants
 * them: evaluation, and back-propagation.
 */
public final class ForwardPass {
  private final NetworkShape shape;
  private final Kernels kernels = Kernels.best();
  private final int capacity;
  private final DensePass[] layers;
  private final float[][] mask;

  /** See {@link NetworkShape#firstSource}; null where no layer reads it. */
  private final DensePass.Source[] sources;

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
    layers = new DensePass[depth];
    mask = new float[depth][];
    sources = new DensePass.Source[depth];
    int widest = 0;
    for (int l = 0; l < depth; l++) {
      layers[l] = shape.layer(l).pass(shape, capacity);
      if (shape.hidden(l)) {
        mask[l] = new float[capacity * shape.stride(l)];
        sources[l + 1] = DensePass.Source.of(shape.units(l), capacity);
        widest = Math.max(widest, shape.stride(l));
      }
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = DensePass.Source.of(shape.inputs(0), capacity);
    }
    topK = new TopK(kernels, Kernels.LANES);
    scores = new float[widest * Kernels.LANES];
    selected = new float[widest * Kernels.LANES];
    draws = new float[widest];
  }

  /** Reads what a run needs of the weights; to be called when they have changed. */
  public void prepare(Weights weights) {
    for (int l = 0; l < layers.length; l++) {
      layers[l].prepare(weights.layer(l));
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
    if (sources[0] != null) {
      float[] x = sources[0].x();
      int stride = Kernels.padded(shape.inputs(0));
      System.arraycopy(batch.raw(), from * stride, x, 0, rows * stride);
      sources[0].measure(kernels, rows);
    }
    for (int l = 0; l < layers.length; l++) {
      layers[l].run(weights, batch, from, rows, sources);
      if (shape.hidden(l)) {
        activate(l, from, rows, gumbel);
      }
    }
  }

  private void activate(int l, int from, int rows, GumbelSource gumbel) {
    int stride = shape.stride(l);
    if (shape.activation() == Activation.RELU) {
      kernels.positive(layers[l].z, mask[l], rows * stride);
    } else {
      for (int r = 0; r < rows; r += Kernels.LANES) {
        select(l, from, r, Math.min(rows, r + Kernels.LANES), gumbel);
      }
    }
    float[] z = layers[l].z;
    float[] x = sources[l + 1].x();
    kernels.multiply(z, mask[l], x, rows * stride);
    if (shape.residual(l)) {
      kernels.add(sources[l].x(), x, rows * stride);
    }
    sources[l + 1].measure(kernels, rows);
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
        scores[u * Kernels.LANES + r - first] = layers[l].z[r * stride + u] + draws[u];
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
        float mean = layers[l].mean[r];
        float scale = layers[l].scale[r];
        int from = r * Kernels.padded(n);
        for (int j = 0; j < n; j++) {
          out[r * width + column + j] = scale * (sources[i].x()[from + j] - mean);
        }
      }
      column += n;
    }
  }

  /** The logits, (rows x stride of the last layer). */
  public float[] logits() {
    return layers[layers.length - 1].z;
  }

  /** Layer {@code l} before its activation, (rows x stride). */
  public float[] preActivation(int l) {
    return layers[l].z;
  }

  /** 1 where hidden layer {@code l} let a neuron through, else 0, (rows x stride). */
  public float[] mask(int l) {
    return mask[l];
  }

  /** Source {@code i} of {@link NetworkShape#firstSource}, (rows x padded width). */
  public float[] source(int i) {
    return sources[i].x();
  }

  /** The mean of layer {@code l}'s input, by row. */
  public float[] mean(int l) {
    return layers[l].mean;
  }

  /** Layer norm's factor for layer {@code l}'s input, by row. */
  public float[] scale(int l) {
    return layers[l].scale;
  }
}
