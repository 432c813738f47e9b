package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/**
 * Standard normal noise on every weight and bias, one draw at a time: a stream for each {@linkplain
 * RowTiles tile} of a layer's weights below the draw's key, so that any tile can be drawn again by
 * itself.
 */
final class WeightNoise {
  private final Kernels kernels = Kernels.best();
  private final Layer[] layers;
  private final Floats[] noise;
  private final Floats row;

  WeightNoise(NetworkShape shape, Arena memory) {
    layers = new Layer[shape.depth()];
    noise = new Floats[shape.depth()];
    for (int l = 0; l < layers.length; l++) {
      layers[l] = shape.layer(l);
      noise[l] = memory.of(layers[l].length());
    }
    row = memory.of(shape.stride(0));
  }

  /**
   * One tile.
   *
   * @param key of the draw
   * @param out Modified from {@code at}, for the tile's rows
   */
  static void tile(Kernels kernels, long key, Layer layer, int tile, Floats out, int at) {
    long stream = StreamKey.child(StreamKey.child(key, layer.index()), tile);
    int stride = layer.stride();
    int n = RowTiles.rows(layer, tile) * stride;
    kernels.gaussian(stream, 1f, out, at, n);
    for (int row = at; layer.units() < stride && row < at + n; row += stride) {
      out.fill(row + layer.units(), row + stride, 0f);
    }
  }

  /** Draws all of it. */
  void draw(long key) {
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      for (int tile = 0; tile < RowTiles.count(layer); tile++) {
        tile(kernels, key, layer, tile, noise[l], RowTiles.at(layer, tile));
      }
      layer.sumRows(noise[l], row);
    }
  }

  /** Layer {@code l}'s, as its weights lie in memory, with what is kept of their sums. */
  Floats of(int l) {
    return noise[l];
  }

  /**
   * Perturbs a layer.
   *
   * @param weights Not modified.
   * @param sigma the factor on the noise, with its sign
   * @param out Modified: becomes {@code weights + sigma noise}
   */
  void perturb(Weights weights, int l, float sigma, Weights out) {
    perturb(weights, l, 0, layers[l].length(), sigma, out);
  }

  /**
   * Perturbs some rows of the first layer.
   *
   * @param index Not modified. The rows, from {@code from} to {@code to}
   */
  void perturbRows(Weights weights, int[] index, int from, int to, float sigma, Weights out) {
    int stride = layers[0].stride();
    for (int k = from; k < to; k++) {
      perturb(weights, 0, index[k] * stride, stride, sigma, out);
    }
  }

  private void perturb(Weights weights, int l, int at, int n, float sigma, Weights out) {
    out.layer(l).copy(weights.layer(l), at, at, n);
    kernels.addScaled(sigma, noise[l], at, out.layer(l), at, n);
  }
}
