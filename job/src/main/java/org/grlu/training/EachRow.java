package org.grlu.training;

import java.util.stream.IntStream;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Changes all weights and biases of the layers that learn, one row at a time. A layer that reads
 * images is folded first, row by row, so that each row then holds complete weights.
 */
final class EachRow {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final Layer[] layers;
  private final Change change;

  private final Floats sums;

  /** A change of one row. */
  interface Change {
    /**
     * Changes a row.
     *
     * @param l the layer, from 0
     * @param w Modified from {@code at} for {@code n} floats, which include padding. The weights of
     *     layer l
     */
    void row(int l, Floats w, int at, int n);
  }

  EachRow(NetworkShape shape, Change change) {
    this.shape = shape;
    this.layers = IntStream.range(0, shape.depth()).mapToObj(shape::layer).toArray(Layer[]::new);
    this.change = change;
    this.sums = Floats.of(shape.stride(0));
  }

  /**
   * Changes all rows of all layers that learn.
   *
   * @param weights Modified. Layers that learn are folded afterwards
   */
  void of(Weights weights) {
    for (int l = 0; l < layers.length; l++) {
      if (shape.learns(l)) {
        layer(l, weights.layer(l));
      }
    }
  }

  private void layer(int l, Floats w) {
    Layer layer = layers[l];
    int stride = layer.stride();
    if (!layer.readsImages()) {
      for (int at = 0; at < layer.length(); at += stride) {
        change.row(l, w, at, stride);
      }
      return;
    }
    int constant = layer.inputs() * stride;
    for (int at = 0; at < constant; at += stride) {
      kernels.addScaled(1f, w, constant, w, at, stride);
      change.row(l, w, at, stride);
    }
    w.fill(constant, constant + stride, 0f);
    layer.sumRows(w, sums);
    change.row(l, w, layer.biasAt(), stride);
  }
}
