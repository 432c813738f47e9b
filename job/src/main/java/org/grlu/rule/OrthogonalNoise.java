package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/**
 * Orthogonal noise on one layer, for one example and all of its P pairs, P a power of two. The n
 * units that are perturbed are numbered 0 to n - 1 in the order of their index; with a sign for
 * each unit, an offset and an odd stride for the layer,
 *
 * <pre>
 *   q[i]        = (i stride + offset) mod P
 *   noise[p][i] = sigma sign[i] (-1)^popcount(p and q[i])
 * </pre>
 *
 * are rows of a Hadamard matrix: while n is at most P, the noise of any two units is orthogonal
 * over the pairs, and the estimate exact to first order in sigma (orthogonal directions: Flügel et
 * al., arXiv 2410.17764; Rando et al., 2505.19720). Sums over units for all pairs, and over pairs
 * for all units, are Walsh-Hadamard transforms over P bins, {@link Kernels#hadamard}.
 */
final class OrthogonalNoise {
  private final int layer;
  private final int units;
  private final int pairs;
  private final long[] signs;

  /** How many units are perturbed. */
  int count;

  /** By number: which unit it is, its row of the matrix, and plus or minus sigma. */
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
   * Draws for an example.
   *
   * @param mask Not modified. By unit from {@code at}: above 0 for those that are perturbed; null
   *     where all are
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

  /** Without branches: a mask is as good as random. */
  private int numbered(Floats mask, int at) {
    int n = 0;
    for (int u = 0; u < units; u++) {
      unit[n] = u;
      n += mask == null || mask.get(at + u) > 0 ? 1 : 0;
    }
    return n;
  }

  /** How many words hold the signs of so many units. */
  static int words(int units) {
    return (units + Long.SIZE - 1) / Long.SIZE;
  }

  /** Plus or minus sigma, by unit u's bit. */
  static float signed(float sigma, long[] signs, int u) {
    int sign = (int) (signs[u / Long.SIZE] >>> u) << 31;
    return Float.intBitsToFloat(Float.floatToRawIntBits(sigma) ^ sign);
  }

  /** The sum over units of the squared noise, the same for all pairs. */
  float power() {
    float sigma = count == 0 ? 0f : value[0];
    return count * sigma * sigma;
  }

  /**
   * The noise itself.
   *
   * @param out Modified. (units x lanes), pairs in lanes
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
   * Sums over pairs, {@code out[u] = sum over p of v[p] noise[p][u]}.
   *
   * @param transformed Not modified. v after {@link Kernels#hadamard}, (P)
   * @param out Modified. By unit from {@code at}
   */
  void sums(Floats transformed, Floats out, int at) {
    out.fill(at, at + units, 0f);
    for (int i = 0; i < count; i++) {
      out.set(at + unit[i], value[i] * transformed.get(row[i]));
    }
  }
}
