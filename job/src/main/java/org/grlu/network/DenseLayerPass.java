package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;

/** The passes of a {@link Dense} layer in a network of several kinds: ReLU where it is hidden. */
final class DenseLayerPass extends LayerPass {
  private final Dense layer;
  private final boolean hidden;
  private final int reads;
  private final int stride;

  DenseLayerPass(Dense layer, boolean hidden, int capacity, Arena memory) {
    super(layer, capacity, null, memory);
    this.layer = layer;
    this.hidden = hidden;
    this.reads = layer.reads().span();
    this.stride = layer.stride();
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
