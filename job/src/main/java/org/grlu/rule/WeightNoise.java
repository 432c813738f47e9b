package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/**
 * Standard normal noise on every weight and bias, for one pair at a time. Each {@linkplain RowTiles
 * tile} of a layer's weights has its own stream below the pair's key. Any tile can therefore be
 * drawn again by itself.
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
   * Draws one tile.
   *
   * @param key the key of the pair's noise
   * @param out Modified from {@code at}: the tile's rows, (rows x stride)
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

  /** Draws the noise of all layers. */
  void draw(long key) {
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      for (int tile = 0; tile < RowTiles.count(layer); tile++) {
        tile(kernels, key, layer, tile, noise[l], RowTiles.at(layer, tile));
      }
      layer.sumRows(noise[l], row);
    }
  }

  /** Returns layer {@code l}'s noise with the layout of its weights, sums of rows included. */
  Floats of(int l) {
    return noise[l];
  }

  /**
   * Perturbs a layer.
   *
   * @param weights Not modified
   * @param sigma the factor on the noise, with its sign
   * @param out Modified: layer l becomes {@code weights + sigma noise}
   */
  void perturb(Weights weights, int l, float sigma, Weights out) {
    perturb(weights, l, 0, layers[l].length(), sigma, out);
  }

  /**
   * Perturbs some rows of the first layer.
   *
   * @param index Not modified. The numbers of the rows are at {@code from} to {@code to}
   *     (exclusive)
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
