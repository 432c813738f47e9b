package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * Passes through a network of several kinds of layers, over a few rows at a time: examples without
 * noise, or an example's antithetic pairs. Each layer with weights normalises all that it reads,
 * {@code u = (x - mean) / (std + 1e-8)}.
 */
public final class MixedPass implements Passes {
  private final NetworkShape shape;
  private final Kernels kernels = Kernels.best();
  private final LayerPass[] layers;
  private final int last;

  /** By layer: the reward's gradient by what it reads; made when first needed. */
  private final Floats[] byInput;

  /** As wide as the widest input: what normalises alone, without a product and a bias. */
  private final Floats ones;

  private final Floats zeros;
  private final Arena memory;
  private final int capacity;

  /**
   * @param capacity the most rows of one run
   * @param memory where its buffers are
   */
  public MixedPass(NetworkShape shape, int capacity, Arena memory) {
    this.shape = shape;
    this.memory = memory;
    this.capacity = capacity;
    last = shape.depth() - 1;
    layers = new LayerPass[shape.depth()];
    byInput = new Floats[shape.depth()];
    int widest = 0;
    for (int l = 0; l <= last; l++) {
      layers[l] = shape.layer(l).pass(shape.hidden(l), capacity, memory);
      widest = Math.max(widest, shape.layer(l).reads().span());
    }
    ones = memory.of(widest);
    ones.fill(0, widest, 1f);
    zeros = memory.of(widest);
  }

  /** What a layer's {@link Layer#text} says beyond its form. */
  static String remarks(Layer layer, boolean shared) {
    String noise = layer.noise() == 1 ? "" : " noise " + layer.noise();
    return (shared ? "" : " untied") + (layer.frozen() ? " frozen" : "") + noise;
  }

  public LayerPass layer(int l) {
    return layers[l];
  }

  @Override
  public void prepare(Weights weights) {}

  @Override
  public Floats values(int l) {
    return layers[l].out;
  }

  @Override
  public Floats passed(int l) {
    return layers[l].slope;
  }

  @Override
  public Floats logits() {
    return layers[last].out;
  }

  /** Runs examples {@code from} to {@code to} of a batch without noise. */
  @Override
  public void run(Weights weights, InputBatch batch, int from, int to) {
    int rows = to - from;
    if (rows > capacity) {
      throw new IllegalArgumentException(rows + " examples, more than " + capacity);
    }
    int span = shape.layer(0).reads().span();
    for (int r = 0; r < rows; r++) {
      batch.normalised(from + r, layers[0].input, r * span);
    }
    layers[0].run(weights.layer(0), rows);
    for (int l = 1; l <= last; l++) {
      read(l, rows);
      layers[l].run(weights.layer(l), rows);
    }
  }

  /**
   * Both members of an example's pairs: row p with the noise, row pairs + p with its opposite.
   *
   * @param clean the pass without noise of the example, its row {@code row}
   * @param noise Not modified. By layer, (pairs x padded units); null for none
   */
  public void runPairs(Weights weights, MixedPass clean, int row, int pairs, Floats[] noise) {
    int next = 1;
    boolean shares = last > 0 && noise[0] != null && !shape.layer(0).perturbedBefore();
    if (shares && layers[1] instanceof DenseLayerPass dense) {
      dense.runPairs(clean.layers[0], row, noise[0], weights.layer(1), pairs, noise[1]);
      next = 2;
    } else {
      layers[0].runPairs(clean.layers[0], row, weights.layer(0), pairs, noise[0]);
    }
    for (int l = next; l <= last; l++) {
      read(l, 2 * pairs);
      layers[l].runPairs(weights.layer(l), pairs, noise[l]);
    }
  }

  /** Fills the input of layer {@code l > 0} from what the one before it puts out. */
  private void read(int l, int rows) {
    LayerPass to = layers[l];
    Floats source = layers[l - 1].out;
    Layer layer = shape.layer(l);
    Extent reads = layer.reads();
    int span = reads.span();
    if (layer.rows() == 0) {
      to.input.copy(source, 0, 0, rows * span);
      return;
    }
    kernels.rowSums(source, 0, span, rows, to.mean, to.scale);
    kernels.layerNorm(reads.numbers(), to.mean, to.scale, Kernels.padded(rows));
    to.input.copy(source, 0, 0, rows * span);
    kernels.normalise(to.mean, to.scale, ones, zeros, 0, rows, span, to.input);
    for (int r = 0; r < rows; r++) {
      reads.clearPadding(to.input, r * span);
      to.input.fill(r * span + reads.places(), (r + 1) * span, 0f);
    }
  }

  /** Reads what {@link #backward} needs of the weights; to be called when they have changed. */
  public void prepareBackward(Weights weights) {
    for (int l = 1; l <= last; l++) {
      layers[l].prepareBackward(weights.layer(l));
    }
  }

  /**
   * Sends the gradient by the logits back, as far as layers learn.
   *
   * @param rows of the last {@link #run}
   * @param byLogits Not modified. (rows x padded classes)
   * @param signal Modified: by layer, the reward's gradient by each neuron's pre-activation, (rows
   *     x padded units)
   */
  public void backward(Weights weights, int rows, Floats byLogits, Floats[] signal) {
    int lowest = last;
    for (int l = last; l >= 0; l--) {
      lowest = shape.learns(l) ? l : lowest;
    }
    Floats byOut = byLogits;
    for (int l = last; l >= lowest; l--) {
      int span = shape.layer(l).reads().span();
      if (l > lowest && byInput[l] == null) {
        byInput[l] = memory.of(capacity * span);
      }
      Floats to = l > lowest ? byInput[l] : null;
      layers[l].backward(weights.layer(l), rows, byOut, signal[l], to);
      if (l > lowest && shape.layer(l).rows() > 0) {
        for (int r = 0; r < rows; r++) {
          throughLayerNorm(l, r, r * span);
        }
      }
      byOut = to;
    }
  }

  /**
   * Turns a row of layer l's {@link #byInput} from the gradient by u into that by x: {@code scale
   * (g - mean(g) - u mean(g u) (std + 1e-8) / std)}.
   */
  private void throughLayerNorm(int l, int row, int at) {
    float factor = layers[l].scale.get(row);
    float[] g = byInput[l].array();
    float[] u = layers[l].input.array();
    int from = byInput[l].at() + at;
    int other = layers[l].input.at() + at;
    int places = shape.layer(l).reads().places();
    int n = shape.layer(l).inputs();
    float sum = 0;
    float cross = 0;
    for (int j = 0; j < places; j++) {
      sum += g[from + j];
      cross = Math.fma(g[from + j], u[other + j], cross);
    }
    float deviation = factor == 0f ? 0f : 1f / factor - Kernels.EPSILON;
    float ratio = deviation > 0f ? 1f / (factor * deviation) : 0f;
    float mean = sum / n;
    float slope = cross / n;
    for (int j = 0; j < places; j++) {
      g[from + j] = factor * (g[from + j] - mean - u[other + j] * slope * ratio);
    }
  }
}
