package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Functions;
import org.grlu.math.Kernels;
import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** {@link Backprop} on one block of examples. */
final class BackpropWorker implements LearningRule.Worker {
  private static final float EPSILON = 1e-8f;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final int last;
  private final ForwardPass forward;

  /** Layer l > 0's weights, (stride x rows padded): what gradients are sent back through. */
  private final Floats[] transposed;

  /** The reward's gradient by each layer's pre-activation, (rows x stride). */
  private final Floats[] delta;

  /** The reward's gradient by each source's values, (rows x padded width); null for source 0. */
  private final Floats[] bySource;

  private final Floats input;
  private final Floats byInput;

  BackpropWorker(NetworkShape shape, int capacity, Arena memory) {
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.forward = new ForwardPass(shape, capacity, memory);
    int depth = shape.depth();
    transposed = new Floats[depth];
    delta = new Floats[depth];
    bySource = new Floats[depth];
    int widest = Kernels.LANES;
    for (int l = 0; l < depth; l++) {
      delta[l] = memory.of(capacity * shape.stride(l));
      if (l > 0) {
        int inputs = Kernels.padded(shape.inputs(l));
        widest = Math.max(widest, inputs);
        transposed[l] = memory.of(shape.stride(l) * inputs);
        bySource[l] = memory.of(capacity * Kernels.padded(shape.layers().get(l)));
      }
    }
    input = memory.of(capacity * widest);
    byInput = memory.of(capacity * widest);
  }

  @Override
  public void prepare(Weights weights) {
    forward.prepare(weights);
    for (int l = 1; l <= last; l++) {
      int stride = shape.stride(l);
      int width = Kernels.padded(shape.inputs(l));
      Floats w = weights.layer(l);
      for (int i = 0; i < shape.inputs(l); i++) {
        for (int u = 0; u < stride; u++) {
          transposed[l].set(u * width + i, w.get(i * stride + u));
        }
      }
    }
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    int rows = leaf.examples();
    InputBatch batch = leaf.batch();
    int from = leaf.inBatch(leaf.fromExample());
    ForwardPass.GumbelSource gumbel =
        shape.activation() == Activation.RELU
            ? null
            : (e, layer, out, at) ->
                leaf.perturbations().gumbel(leaf.batchFrom() + e, layer, out, at);
    forward.run(leaf.weights(), batch, from, from + rows, gumbel);
    for (int i = 1; i <= last; i++) {
      kernels.clear(bySource[i], rows * Kernels.padded(shape.layers().get(i)));
    }
    for (int r = 0; r < rows; r++) {
      sums.addReward(r, reward(batch.label(from + r), r));
    }
    for (int l = last; l > 0; l--) {
      back(l, rows, sums.matrix(l));
      kernels.multiply(bySource[l], forward.mask(l - 1), delta[l - 1], rows * shape.stride(l - 1));
      if (shape.residual(l - 1)) {
        kernels.add(bySource[l], bySource[l - 1], rows * shape.stride(l - 1));
      }
    }
    // what is left reads images, and returns coefficients
    sums.coefficients(0).copy(delta[0], 0, 0, rows * shape.stride(0));
  }

  /** The reward of a row; fills its gradient by the logits. */
  private double reward(int label, int row) {
    int stride = shape.stride(last);
    int units = shape.units(last);
    Floats z = forward.logits();
    Floats d = delta[last];
    int at = row * stride;
    float max = z.get(at);
    for (int j = 1; j < units; j++) {
      max = Math.max(max, z.get(at + j));
    }
    float total = 0;
    for (int j = 0; j < units; j++) {
      float e = Functions.exp(z.get(at + j) - max);
      d.set(at + j, e);
      total += e;
    }
    float p = d.get(at + label) / total;
    float slope = p / (p + Rewards.FLOOR);
    for (int j = 0; j < units; j++) {
      d.set(at + j, slope * ((j == label ? 1f : 0f) - d.get(at + j) / total));
    }
    return Float.isFinite(p) ? Functions.log(p + Rewards.FLOOR) : Double.NaN;
  }

  /** Layer l: its weights' gradient into sums, and what it sends back to its sources. */
  private void back(int l, int rows, Floats sums) {
    int stride = shape.stride(l);
    int inputs = shape.inputs(l);
    int width = Kernels.padded(inputs);
    forward.normalisedInput(l, rows, input, width);
    kernels.multiplyAdd(
        inputs, stride, rows, input, 0, 1, width, delta[l], 0, stride, sums, 0, stride);
    for (int r = 0; r < rows; r++) {
      kernels.addScaled(1f, delta[l], r * stride, sums, inputs * stride, stride);
    }
    kernels.clear(byInput, rows * width);
    kernels.multiplyAdd(
        rows,
        width,
        shape.units(l),
        delta[l],
        0,
        stride,
        1,
        transposed[l],
        0,
        width,
        byInput,
        0,
        width);
    for (int r = 0; r < rows; r++) {
      throughLayerNorm(forward.scale(l).get(r), r * width, inputs);
    }
    int column = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int n = shape.layers().get(i);
      for (int r = 0; i > 0 && r < rows; r++) {
        int to = r * Kernels.padded(n);
        for (int j = 0; j < n; j++) {
          bySource[i].set(to + j, bySource[i].get(to + j) + byInput.get(r * width + column + j));
        }
      }
      column += n;
    }
  }

  /**
   * Turns a row of {@link #byInput} from the gradient by u into that by x: {@code scale (g -
   * mean(g) - u mean(g u) (std + 1e-8) / std)}.
   */
  private void throughLayerNorm(float scale, int at, int n) {
    float sum = 0;
    float cross = 0;
    for (int j = at; j < at + n; j++) {
      sum += byInput.get(j);
      cross = Math.fma(byInput.get(j), input.get(j), cross);
    }
    float deviation = scale == 0f ? 0f : 1f / scale - EPSILON;
    float ratio = deviation > 0f ? 1f / (scale * deviation) : 0f;
    for (int j = at; j < at + n; j++) {
      byInput.set(j, scale * (byInput.get(j) - sum / n - input.get(j) * (cross / n) * ratio));
    }
  }
}
