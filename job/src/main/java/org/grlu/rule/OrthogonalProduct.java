package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * Computes what a layer needs of the orthogonal noise h on the layer before, for all pairs at once:
 * W h, and the sums over units of h and of s h. Each noisy unit adds its row of weights, the number
 * 1 and its s, all times its sign x sigma, to one of P bins. A Walsh-Hadamard transform over the
 * bins gives the results of all pairs.
 */
final class OrthogonalProduct {
  private final Kernels kernels = Kernels.best();
  private final OrthogonalNoise noise;
  private final int pairs;
  private final int units;
  private final int stride;
  private final int width;

  /**
   * The bins, (pairs x width), with one column for each unit of the layer, then one for 1 and one
   * for s.
   */
  private final Floats bins;

  /**
   * Allocates memory for one layer.
   *
   * @param noise the noise on the layer before
   * @param pairs P, the number of pairs
   * @param units the number of units of the layer
   */
  OrthogonalProduct(OrthogonalNoise noise, int pairs, int units, Arena memory) {
    this.noise = noise;
    this.pairs = pairs;
    this.units = units;
    this.stride = Kernels.padded(units);
    this.width = Kernels.padded(units + 2);
    this.bins = memory.of(pairs * width);
  }

  /**
   * Computes the products and sums.
   *
   * @param w Not modified. (rows x stride). The rows for the noisy units start at {@code at}
   * @param x Modified: the sums of its h. It holds the noisy units, whose s all pairs share
   * @param product Modified. W h, (units x lanes)
   */
  void times(Floats w, int at, PairSource x, int lanes, Floats product) {
    kernels.clear(bins, pairs * width);
    kernels.scatterRows(
        noise.unit, noise.row, noise.value, noise.count, w, at, stride, bins, width);
    float[] to = bins.array();
    for (int i = 0; i < noise.count; i++) {
      int one = bins.at() + noise.row[i] * width + units;
      to[one] += noise.value[i];
      to[one + 1] = Math.fma(noise.value[i], x.s.get(noise.unit[i]), to[one + 1]);
    }
    kernels.hadamard(bins, pairs, width);
    float[] out = product.array();
    for (int p = 0; p < pairs; p++) {
      int from = bins.at() + p * width;
      int column = product.at() + p;
      for (int u = 0; u < units; u++) {
        out[column + u * lanes] = to[from + u];
      }
      x.sumH.set(p, to[from + units]);
      x.cross.set(p, to[from + units + 1]);
    }
    x.squareH.fill(0, lanes, noise.power());
  }
}
