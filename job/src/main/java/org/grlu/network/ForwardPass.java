package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.math.TopK;

/**
 * One pass over a few examples at a time, unperturbed but where noise is given, each layer's values
 * kept for whoever wants them: evaluation, back-propagation, rules of one pass.
 */
public final class ForwardPass implements Passes {
  private final NetworkShape shape;
  private final Kernels kernels = Kernels.best();
  private final int capacity;
  private final DensePass[] layers;
  private final Floats[] mask;

  /** See {@link NetworkShape#firstSource}; null where no layer reads it. */
  private final DensePass.Source[] sources;

  private final TopK topK;

  /** (units of the widest hidden layer x lanes); {@link #selected} too. */
  private final Floats scores;

  private final Floats selected;

  @Override
  public Floats values(int l) {
    return preActivation(l);
  }

  @Override
  public Floats passed(int l) {
    return mask[l];
  }

  /** What top-k added to its scores, by hidden layer; zeros in evaluation. */
  private final Floats[] draws;

  /** Draws a row of Gumbel numbers for an example of the batch and a layer. */
  public interface GumbelSource {
    void gumbel(int example, int layer, Floats out, int at);
  }

  /**
   * @param capacity the most examples of one run
   * @param memory where its buffers are
   */
  public ForwardPass(NetworkShape shape, int capacity, Arena memory) {
    this.shape = shape;
    this.capacity = capacity;
    int depth = shape.depth();
    layers = new DensePass[depth];
    mask = new Floats[depth];
    sources = new DensePass.Source[depth];
    draws = new Floats[depth];
    int widest = 0;
    for (int l = 0; l < depth; l++) {
      layers[l] = new DensePass((Dense) shape.layer(l), shape.firstSource(l), capacity, memory);
      if (shape.hidden(l)) {
        mask[l] = memory.of(capacity * shape.stride(l));
        boolean ranks = shape.activation() == Activation.TOP_K;
        draws[l] = memory.of(ranks ? capacity * shape.stride(l) : 0);
        sources[l + 1] = DensePass.Source.of(shape.units(l), capacity, memory);
        widest = Math.max(widest, shape.stride(l));
      }
    }
    if (shape.skip() == Skip.DENSE) {
      sources[0] = DensePass.Source.of(shape.inputs(0), capacity, memory);
    }
    topK = new TopK(kernels, Kernels.LANES, memory);
    scores = memory.of(widest * Kernels.LANES);
    selected = memory.of(widest * Kernels.LANES);
  }

  @Override
  public void prepare(Weights weights) {
    for (int l = 0; l < layers.length; l++) {
      layers[l].prepare(weights.layer(l));
    }
  }

  @Override
  public void run(Weights weights, InputBatch batch, int from, int to) {
    run(weights, batch, from, to, null);
  }

  /**
   * Runs examples {@code from} to {@code to} of a batch.
   *
   * @param gumbel the draws that top-k adds to its scores; null in evaluation
   */
  public void run(Weights weights, InputBatch batch, int from, int to, GumbelSource gumbel) {
    run(weights, batch, from, to, gumbel, null);
  }

  /**
   * The same, perturbed.
   *
   * @param noise Modified: zero where a hidden neuron is silent. By layer, (rows x stride): added
   *     to what the layer puts out; null for none
   */
  public void run(
      Weights weights, InputBatch batch, int from, int to, GumbelSource gumbel, Floats[] noise) {
    int rows = to - from;
    if (rows > capacity) {
      throw new IllegalArgumentException(rows + " examples, more than " + capacity);
    }
    if (sources[0] != null) {
      int stride = Kernels.padded(shape.inputs(0));
      sources[0].x().copy(batch.raw(), from * stride, 0, rows * stride);
      sources[0].measure(kernels, rows);
    }
    for (int l = 0; l < layers.length; l++) {
      layers[l].run(weights, batch, from, rows, sources);
      if (shape.hidden(l)) {
        activate(l, from, rows, gumbel, noise);
      } else if (noise != null) {
        kernels.add(noise[l], layers[l].z, rows * shape.stride(l));
      }
    }
  }

  private void activate(int l, int from, int rows, GumbelSource gumbel, Floats[] noise) {
    int stride = shape.stride(l);
    if (shape.activation() == Activation.RELU) {
      kernels.positive(layers[l].z, mask[l], rows * stride);
    } else {
      for (int r = 0; r < rows; r += Kernels.LANES) {
        select(l, from, r, Math.min(rows, r + Kernels.LANES), gumbel);
      }
    }
    Floats z = layers[l].z;
    Floats x = sources[l + 1].x();
    kernels.multiply(z, mask[l], x, rows * stride);
    if (shape.residual(l)) {
      kernels.add(sources[l].x(), x, rows * stride);
    }
    if (noise != null) {
      kernels.multiply(noise[l], mask[l], noise[l], rows * stride);
      kernels.add(noise[l], x, rows * stride);
    }
    sources[l + 1].measure(kernels, rows);
  }

  /** The top-k masks of rows {@code first} to {@code end}, sixteen at most: a lane each. */
  private void select(int l, int from, int first, int end, GumbelSource gumbel) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    for (int r = first; r < end; r++) {
      if (gumbel != null) {
        gumbel.gumbel(from + r, l, draws[l], r * stride);
      }
      for (int u = 0; u < units; u++) {
        float score = layers[l].z.get(r * stride + u) + draws[l].get(r * stride + u);
        scores.set(u * Kernels.LANES + r - first, score);
      }
    }
    // what is left over repeats a row: zeros would be ties, which take longest to select from
    for (int lane = end - first; lane < Kernels.LANES; lane++) {
      for (int u = 0; u < units; u++) {
        scores.set(u * Kernels.LANES + lane, scores.get(u * Kernels.LANES));
      }
    }
    topK.mask(scores, units, Kernels.LANES, shape.kept(l), selected);
    for (int r = first; r < end; r++) {
      for (int u = 0; u < units; u++) {
        mask[l].set(r * stride + u, selected.get(u * Kernels.LANES + r - first));
      }
    }
  }

  /**
   * The input of layer {@code l > 0} after layer norm, {@code u = scale (x - mean)}.
   *
   * @param out Modified. (rows x width)
   */
  public void normalisedInput(int l, int rows, Floats out, int width) {
    int column = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int n = shape.layers().get(i);
      float[] x = sources[i].x().array();
      float[] u = out.array();
      for (int r = 0; r < rows; r++) {
        float mean = layers[l].mean.get(r);
        float scale = layers[l].scale.get(r);
        int from = sources[i].x().at() + r * Kernels.padded(n);
        int to = out.at() + r * width + column;
        for (int j = 0; j < n; j++) {
          u[to + j] = scale * (x[from + j] - mean);
        }
      }
      column += n;
    }
  }

  @Override
  public Floats logits() {
    return layers[layers.length - 1].z;
  }

  /** Layer {@code l} before its activation, (rows x stride). */
  public Floats preActivation(int l) {
    return layers[l].z;
  }

  /** 1 where hidden layer {@code l} let a neuron through, else 0, (rows x stride). */
  public Floats mask(int l) {
    return mask[l];
  }

  /** What top-k added to the scores of hidden layer {@code l}, (rows x stride). */
  public Floats draws(int l) {
    return draws[l];
  }

  /** Source {@code i} of {@link NetworkShape#firstSource}, (rows x padded width). */
  public Floats source(int i) {
    return sources[i].x();
  }

  /** The mean of layer {@code l}'s input, by row. */
  public Floats mean(int l) {
    return layers[l].mean;
  }

  /** Layer norm's factor for layer {@code l}'s input, by row. */
  public Floats scale(int l) {
    return layers[l].scale;
  }
}
