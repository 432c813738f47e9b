package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/** The passes of a {@link Dense} layer in a network of several kinds: ReLU where it is hidden. */
final class DenseLayerPass extends LayerPass {
  private final Dense layer;
  private final boolean hidden;
  private final int reads;
  private final int stride;

  // of pairs that share most of what they read: W s and W 1, and sums over s and q
  private final Floats shared;
  private final Floats columnSums;
  private final Floats sumOfS;
  private final Floats squaresOfS;
  private final Floats sumOfQ;
  private final Floats squaresOfQ;
  private final Floats cross;

  DenseLayerPass(Dense layer, boolean hidden, int capacity, Arena memory) {
    super(layer, capacity, null, memory);
    this.layer = layer;
    this.hidden = hidden;
    this.reads = layer.reads().span();
    this.stride = layer.stride();
    shared = memory.of(stride);
    columnSums = memory.of(stride);
    int rows = Kernels.padded(capacity);
    sumOfS = memory.of(Kernels.LANES);
    squaresOfS = memory.of(Kernels.LANES);
    sumOfQ = memory.of(rows);
    squaresOfQ = memory.of(rows);
    cross = memory.of(rows);
  }

  @Override
  void run(Floats w, int rows) {
    for (int r = 0; r < rows; r++) {
      out.copy(w, layer.biasAt(), r * stride, stride);
    }
    int inputs = layer.reads().places();
    if (rows == 1) {
      // four chains, where the general product has one
      kernels.rowTimes(input, 0, 1, inputs, w, 0, stride, out, 0);
    } else {
      kernels.multiplyAdd(rows, stride, inputs, input, 0, reads, 1, w, 0, stride, out, 0, stride);
    }
    if (hidden) {
      rectify(rows * stride);
    } else {
      slope.fill(0, rows * stride, 1f);
    }
  }

  @Override
  void runPairs(Floats w, int pairs, Floats noise) {
    run(w, 2 * pairs);
    addNoise(noise, pairs, stride, out);
  }

  @Override
  void runPairs(LayerPass clean, int row, Floats w, int pairs, Floats noise) {
    spread(clean.out, row, stride, pairs, noise);
  }

  /**
   * The pairs of a layer that reads {@code s + q} and {@code s - q}, s being the same for all
   * pairs: {@code z = scale (W s +- W q - mean (W 1)) + b}, so that W s is multiplied once and
   * neither member is written down.
   *
   * @param below what it reads, a pass without noise, whose row {@code row} is s
   * @param q Not modified. (pairs x span of what it reads), padding zero
   * @param noise of its own neurons, or null
   */
  void runPairs(LayerPass below, int row, Floats q, Floats w, int pairs, Floats noise) {
    int places = layer.reads().places();
    Floats s = below.out.part(row * reads, reads);
    kernels.clear(shared, stride);
    kernels.rowTimes(s, 0, 1, places, w, 0, stride, shared, 0);
    kernels.columnSums(w, places, stride, columnSums);
    kernels.clear(out, 2 * pairs * stride);
    kernels.multiplyAdd(pairs, stride, places, q, 0, reads, 1, w, 0, stride, out, 0, stride);
    kernels.rowSums(s, 0, reads, 1, sumOfS, squaresOfS);
    kernels.rowSums(q, 0, reads, pairs, sumOfQ, squaresOfQ);
    kernels.dots(s, q, pairs, reads, cross);
    for (int p = 0; p < pairs; p++) {
      int minus = (pairs + p) * stride;
      out.copy(shared, 0, minus, stride);
      kernels.addScaled(-1f, out, p * stride, out, minus, stride);
      kernels.addScaled(1f, shared, 0, out, p * stride, stride);
      mean.set(p, sumOfS.get(0) + sumOfQ.get(p));
      mean.set(pairs + p, sumOfS.get(0) - sumOfQ.get(p));
      float squares = squaresOfS.get(0) + squaresOfQ.get(p);
      scale.set(p, squares + 2f * cross.get(p));
      scale.set(pairs + p, squares - 2f * cross.get(p));
    }
    kernels.layerNorm(layer.inputs(), mean, scale, mean.length());
    kernels.normalise(mean, scale, columnSums, w, layer.biasAt(), 2 * pairs, stride, out);
    if (hidden) {
      rectify(2 * pairs * stride);
    }
    addNoise(noise, pairs, stride, out);
  }

  @Override
  public void accumulate(int row, Floats signal, int at, Floats sums) {
    int inputs = layer.reads().places();
    kernels.multiplyAdd(
        inputs, stride, 1, input, row * reads, 1, 1, signal, at, stride, sums, 0, stride);
    kernels.addScaled(1f, signal, at, sums, layer.biasAt(), stride);
  }

  @Override
  public double squares(int row, Floats signal, int at) {
    return square(signal, at, stride) * (square(input, row * reads, reads) + 1);
  }

  @Override
  void backward(Floats w, int rows, Floats byOut, Floats signal, Floats byInput) {
    kernels.multiply(byOut, slope, signal, rows * stride);
    if (byInput == null) {
      return;
    }
    for (int r = 0; r < rows; r++) {
      kernels.dots(
          signal.part(r * stride, stride),
          w,
          layer.reads().places(),
          stride,
          byInput.part(r * reads, reads));
    }
  }
}
