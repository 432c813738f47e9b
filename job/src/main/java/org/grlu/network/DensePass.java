package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * The unperturbed pass of a {@link Dense} layer. One that reads images multiplies inked pixels; any
 * other works on its input x before layer norm: {@code z = scale (W x - mean (W 1)) + b}, with the
 * row's mean and {@code scale = 1 / (std + 1e-8)}.
 */
public final class DensePass {
  private final Kernels kernels = Kernels.best();
  private final Dense layer;
  private final int firstSource;

  /** Before the activation, (capacity x stride). */
  final Floats z;

  /** Layer norm's mean and factor, by row. */
  final Floats mean;

  final Floats scale;
  private final Floats columnSums;

  /**
   * What layers read: the network's input, or a hidden layer's output.
   *
   * @param width of a row
   * @param x (capacity x padded width)
   * @param sum by row
   * @param square the sum of squares, by row
   */
  record Source(int width, Floats x, Floats sum, Floats square) {
    static Source of(int width, int capacity, Arena memory) {
      int rows = Kernels.padded(capacity);
      return new Source(
          width, memory.of(capacity * Kernels.padded(width)), memory.of(rows), memory.of(rows));
    }

    void measure(Kernels kernels, int rows) {
      kernels.rowSums(x, 0, Kernels.padded(width), rows, sum, square);
    }
  }

  DensePass(Dense layer, int firstSource, int capacity, Arena memory) {
    this.layer = layer;
    this.firstSource = firstSource;
    this.z = memory.of(capacity * layer.stride());
    this.mean = memory.of(Kernels.padded(capacity));
    this.scale = memory.of(Kernels.padded(capacity));
    this.columnSums = memory.of(layer.stride());
  }

  /** Reads what a run needs of the weights. */
  void prepare(Floats w) {
    if (!layer.readsImages()) {
      kernels.columnSums(w, layer.inputs(), layer.stride(), columnSums);
    }
  }

  /** Examples {@code from} to {@code from + rows} of a batch, and their sources. */
  void run(Weights weights, InputBatch batch, int from, int rows, Source[] sources) {
    if (layer.readsImages()) {
      for (int r = 0; r < rows; r++) {
        batch.firstLayer(kernels, weights, from + r, z, r * layer.stride());
      }
      return;
    }
    int stride = layer.stride();
    Floats w = weights.layer(layer.index());
    kernels.clear(z, rows * stride);
    kernels.clear(mean, mean.length());
    kernels.clear(scale, scale.length());
    int row = 0;
    for (int i = firstSource; i <= layer.index(); i++) {
      Source source = sources[i];
      int width = source.width();
      int x = Kernels.padded(width);
      kernels.multiplyAdd(
          rows, stride, width, source.x(), 0, x, 1, w, row * stride, stride, z, 0, stride);
      kernels.add(source.sum(), mean, mean.length());
      kernels.add(source.square(), scale, scale.length());
      row += width;
    }
    kernels.layerNorm(layer.inputs(), mean, scale, mean.length());
    kernels.normalise(mean, scale, columnSums, w, layer.biasAt(), rows, stride, z);
  }
}
