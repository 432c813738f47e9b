package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * Orthogonal noise on one layer, for one example and all of its P pairs. P is a power of two. The n
 * perturbed units are numbered i = 0 to n - 1 in the order of their index. Each unit has a random
 * sign, and the layer has a random offset and odd stride:
 *
 * <pre>
 *   q[i]        = (i stride + offset) mod P
 *   noise[p][i] = sigma sign[i] (-1)^popcount(p and q[i])
 * </pre>
 *
 * The rows noise[.][i] are rows of a Hadamard matrix. If n is at most P, the noise of any two units
 * is orthogonal over the pairs, and the estimate is exact to first order in sigma (orthogonal
 * directions: Flügel et al., arXiv 2410.17764; Rando et al., 2505.19720). Sums over units for all
 * pairs, and sums over pairs for all units, are Walsh-Hadamard transforms over P bins, {@link
 * Kernels#hadamard}.
 */
final class OrthogonalNoise {
  private final int layer;
  private final int units;
  private final int pairs;
  private final long[] signs;

  /** The number n of perturbed units. */
  int count;

  /**
   * The index of the unit, its row q of the matrix, and its sign x sigma, by the unit's number i.
   */
  final int[] unit;

  final int[] row;
  final float[] value;

  OrthogonalNoise(int layer, int units, int pairs) {
    this.layer = layer;
    this.units = units;
    this.pairs = pairs;
    this.signs = new long[words(units)];
    this.unit = new int[units];
    this.row = new int[units];
    this.value = new float[units];
  }

  /**
   * Draws the noise of an example.
   *
   * @param mask Not modified. Above 0 for units that are perturbed, by unit from {@code at}; null
   *     if all units are
   */
  void draw(Perturbations perturbations, int example, Floats mask, int at) {
    perturbations.signs(example, layer, signs);
    long rows = perturbations.hadamardRows(example, layer);
    float sigma = perturbations.deviation(layer);
    count = numbered(mask, at);
    int q = (int) rows & (pairs - 1);
    int stride = ((int) (rows >>> 32) | 1) & (pairs - 1);
    for (int i = 0; i < count; i++) {
      row[i] = q;
      value[i] = signed(sigma, signs, unit[i]);
      q = (q + stride) & (pairs - 1);
    }
  }

  /**
   * Numbers the perturbed units, and returns their count. The loop has no branches, because a mask
   * is as unpredictable as random bits.
   */
  private int numbered(Floats mask, int at) {
    int n = 0;
    for (int u = 0; u < units; u++) {
      unit[n] = u;
      n += mask == null || mask.get(at + u) > 0 ? 1 : 0;
    }
    return n;
  }

  /** Returns how many words hold the signs of {@code units} units. */
  static int words(int units) {
    return (units + Long.SIZE - 1) / Long.SIZE;
  }

  /** Returns sigma, or -sigma if unit u's bit is set. */
  static float signed(float sigma, long[] signs, int u) {
    int sign = (int) (signs[u / Long.SIZE] >>> u) << 31;
    return Float.intBitsToFloat(Float.floatToRawIntBits(sigma) ^ sign);
  }

  /** Returns the sum over units of the squared noise, which is the same for all pairs. */
  float power() {
    float sigma = count == 0 ? 0f : value[0];
    return count * sigma * sigma;
  }

  /**
   * Fills a block with the noise.
   *
   * @param out Modified. (units x lanes), with pair p in lane p
   */
  void fill(int lanes, Floats out) {
    out.fill(0, units * lanes, 0f);
    float[] to = out.array();
    for (int i = 0; i < count; i++) {
      int at = out.at() + unit[i] * lanes;
      for (int p = 0; p < pairs; p++) {
        to[at + p] = (Integer.bitCount(p & row[i]) & 1) == 0 ? value[i] : -value[i];
      }
    }
  }

  /**
   * Computes the sums over pairs {@code out[u] = sum over p of v[p] noise[p][u]}.
   *
   * @param transformed Not modified. The transform of v by {@link Kernels#hadamard}, (P)
   * @param out Modified from {@code at}: (units)
   */
  void sums(Floats transformed, Floats out, int at) {
    out.fill(at, at + units, 0f);
    for (int i = 0; i < count; i++) {
      out.set(at + unit[i], value[i] * transformed.get(row[i]));
    }
  }
}
