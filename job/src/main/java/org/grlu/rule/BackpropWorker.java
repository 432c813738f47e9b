package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Computes a {@link BackwardRule} on one block of examples.
 *
 * <p>The product that sends a gradient back sums over a layer's units. Weights of one input lie
 * along the units in memory. Each sum is one chain in the order of the units. For a step of many
 * examples, the matrix is transposed so that lanes are inputs. For a step of one example,
 * transposing would take longer than the product. The product then reads the rows as they are,
 * eight chains at a time, and only at units with a gradient. ReLU leaves about half of the units
 * with one.
 */
final class BackpropWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final int last;
  private final ForwardPass forward;
  private final Backward backward;

  /** Whether a step has one example. */
  private final boolean single;

  /** The matrix that sends gradients back through layer l > 0, (rows x stride). */
  private final Floats[] matrix;

  /** The transposed matrices, (stride x padded inputs); null if a step has one example. */
  private final Floats[] transposed;

  /** The reward's gradient by each layer's pre-activations, (rows x stride). */
  private final Floats[] delta;

  /** The reward's gradient by each source's values, (rows x padded width); null for source 0. */
  private final Floats[] bySource;

  private final Floats input;
  private final Floats byInput;
  private final SparseRow sparse;

  BackpropWorker(NetworkShape shape, LeafGrid grid, Backward backward, Arena memory) {
    int capacity = Math.min(grid.batch(), grid.blockExamples());
    int depth = shape.depth();
    this.shape = shape;
    this.last = depth - 1;
    this.backward = backward;
    this.single = grid.batch() == 1;
    this.forward = new ForwardPass(shape, capacity, memory);
    matrix = new Floats[depth];
    transposed = new Floats[depth];
    delta = new Floats[depth];
    bySource = new Floats[depth];
    int widest = Kernels.LANES;
    int most = 0;
    for (int l = 0; l < depth; l++) {
      delta[l] = memory.of(capacity * shape.stride(l));
      most = Math.max(most, shape.stride(l));
      if (l > 0) {
        int inputs = Kernels.padded(shape.inputs(l));
        widest = Math.max(widest, inputs);
        transposed[l] = single ? null : memory.of(shape.stride(l) * inputs);
        bySource[l] = memory.of(capacity * Kernels.padded(shape.layers().get(l)));
      }
    }
    input = memory.of(capacity * widest);
    byInput = memory.of(capacity * widest);
    sparse = new SparseRow(most);
  }

  @Override
  public void prepare(Weights weights) {
    forward.prepare(weights);
    for (int l = 1; l <= last; l++) {
      matrix[l] = backward.matrix(weights, l);
      if (!single) {
        transpose(l);
      }
    }
  }

  /** Transposes a matrix in tiles, which stay in the cache. */
  private void transpose(int l) {
    int stride = shape.stride(l);
    int inputs = shape.inputs(l);
    int width = Kernels.padded(inputs);
    float[] w = matrix[l].array();
    float[] t = transposed[l].array();
    for (int first = 0; first < inputs; first += Kernels.LANES) {
      int past = Math.min(inputs, first + Kernels.LANES);
      for (int u = 0; u < stride; u++) {
        int from = matrix[l].at() + u;
        int to = transposed[l].at() + u * width;
        for (int i = first; i < past; i++) {
          t[to + i] = w[from + i * stride];
        }
      }
    }
  }

  /**
   * Returns true. For a single example, each layer's gradient is added to the weights after it has
   * been sent back through them.
   */
  @Override
  public boolean addsScaled() {
    return true;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    int rows = leaf.examples();
    InputBatch batch = leaf.batch();
    int from = leaf.inBatch(leaf.fromExample());
    leaf.run(forward, shape);
    for (int i = 1; i <= last; i++) {
      kernels.clear(bySource[i], rows * Kernels.padded(shape.layers().get(i)));
    }
    for (int r = 0; r < rows; r++) {
      sums.addReward(r, reward(batch.label(from + r), r));
    }
    if (!Double.isFinite(sums.reward)) {
      // a step with such a reward changes nothing
      return;
    }
    for (int l = last; l > 0 && shape.learns(l); l--) {
      back(l, rows, sums);
      kernels.multiply(bySource[l], forward.mask(l - 1), delta[l - 1], rows * shape.stride(l - 1));
      if (shape.residual(l - 1)) {
        kernels.add(bySource[l], bySource[l - 1], rows * shape.stride(l - 1));
      }
    }
    // the first layer reads images, and returns coefficients
    sums.coefficients(0).copy(delta[0], 0, 0, rows * shape.stride(0));
  }

  /** Returns the reward of a row, and computes its gradient by the logits. */
  private double reward(int label, int row) {
    int at = row * shape.stride(last);
    Floats d = delta[last];
    Rewards.softmax(forward.logits(), at, shape.units(last), d, at);
    float p = d.get(at + label);
    float slope = p / (p + Rewards.FLOOR);
    Rewards.error(label, shape.units(last), d, at);
    for (int j = at; j < at + shape.units(last); j++) {
      d.set(j, slope * d.get(j));
    }
    return Rewards.of(p);
  }

  /**
   * Sends the gradient back through layer l to sources that learn, and adds the gradient of the
   * layer's weights to the sums.
   */
  private void back(int l, int rows, LeafSums sums) {
    int inputs = shape.inputs(l);
    int width = Kernels.padded(inputs);
    boolean sends = shape.learns(l - 1);
    forward.normalisedInput(l, rows, input, width);
    if (sends) {
      multiply(l, rows, width);
    }
    add(l, rows, width, sums.scale(l), sums.matrix(l));
    if (!sends) {
      return;
    }
    for (int r = 0; r < rows; r++) {
      throughLayerNorm(forward.scale(l).get(r), r * width, inputs);
    }
    int column = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int n = shape.layers().get(i);
      for (int r = 0; i > 0 && r < rows; r++) {
        int to = bySource[i].at() + r * Kernels.padded(n);
        int from = byInput.at() + r * width + column;
        addTo(bySource[i].array(), to, byInput.array(), from, n);
      }
      column += n;
    }
  }

  /** Computes the gradient by layer l's normalised input. */
  private void multiply(int l, int rows, int width) {
    int stride = shape.stride(l);
    int units = shape.units(l);
    if (single) {
      sparse.take(delta[l], units);
      sparse.dots(matrix[l], shape.inputs(l), stride, byInput);
      return;
    }
    kernels.clear(byInput, rows * width);
    kernels.multiplyAdd(
        rows, width, units, delta[l], 0, stride, 1, transposed[l], 0, width, byInput, 0, width);
  }

  /** Adds the gradient of layer l's weights. */
  private void add(int l, int rows, int width, float scale, Floats sums) {
    int stride = shape.stride(l);
    int inputs = shape.inputs(l);
    if (single) {
      kernels.addOuter(scale, input, inputs, delta[l], stride, sums, 0);
    } else {
      kernels.multiplyAdd(
          inputs, stride, rows, input, 0, 1, width, delta[l], 0, stride, sums, 0, stride);
    }
    for (int r = 0; r < rows; r++) {
      kernels.addScaled(scale, delta[l], r * stride, sums, inputs * stride, stride);
    }
  }

  private static void addTo(float[] to, int toAt, float[] from, int fromAt, int n) {
    for (int j = 0; j < n; j++) {
      to[toAt + j] += from[fromAt + j];
    }
  }

  /**
   * Turns a row of {@link #byInput} from the gradient by u into that by x: {@code scale (g -
   * mean(g) - u mean(g u) (std + 1e-8) / std)}.
   */
  private void throughLayerNorm(float scale, int at, int n) {
    float[] g = byInput.array();
    float[] u = input.array();
    int from = byInput.at() + at;
    int other = input.at() + at;
    float sum = 0;
    float cross = 0;
    for (int j = 0; j < n; j++) {
      sum += g[from + j];
      cross = Math.fma(g[from + j], u[other + j], cross);
    }
    float deviation = scale == 0f ? 0f : 1f / scale - Kernels.EPSILON;
    float ratio = deviation > 0f ? 1f / (scale * deviation) : 0f;
    float mean = sum / n;
    float slope = cross / n;
    for (int j = 0; j < n; j++) {
      g[from + j] = scale * (g[from + j] - mean - u[other + j] * slope * ratio);
    }
  }
}
