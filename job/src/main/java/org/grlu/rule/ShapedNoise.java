package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * Noise on the last hidden layer in the directions that reach the outputs, for all pairs of an
 * example. V (classes x units) are the layer's weights to the outputs. s[k] is a random sign for
 * each class, drawn for the example. H is the Hadamard matrix of 16 rows, and n is the number of
 * neurons that the mask lets through:
 *
 * <pre>
 *   v[p][j]     = mask[j]  sum over classes of  V[k][j] s[k] H[p][k]
 *   noise[p][j] = sigma sqrt(n / sum over j of v[p][j]^2)  v[p][j]
 * </pre>
 *
 * The factor makes sigma the root mean square of the perturbed neurons' noise. An example's
 * estimate is {@code classes / (n P sigma^2) sum over pairs of d[p] noise[p]}. The noise lies in
 * the few directions that reach the outputs. Without the factor classes / n, the estimate would be
 * n / classes times too large.
 */
final class ShapedNoise {
  /** The number of rows of H, which limits classes and pairs. */
  static final int MOST = Kernels.LANES;

  private final Kernels kernels = Kernels.best();
  private final int units;
  private final int classes;

  /** The position of the layer's first neuron among the inputs of the last layer. */
  private final int from;

  /** H, (classes x lanes), with 0 in lanes without a pair. */
  private final float[] hadamard;

  /** The products s[k] H[p][k], (classes x lanes). */
  private final Floats signed;

  private final Floats masks;
  private final Floats sum;
  private final Floats square;
  private float factor;

  ShapedNoise(NetworkShape shape, int pairs, Arena memory) {
    int last = shape.depth() - 1;
    this.units = shape.units(last - 1);
    this.classes = shape.units(last);
    this.from = shape.inputs(last) - units;
    this.hadamard = new float[classes * MOST];
    for (int k = 0; k < classes; k++) {
      for (int p = 0; p < pairs; p++) {
        hadamard[k * MOST + p] = Integer.bitCount(p & k) % 2 == 0 ? 1f : -1f;
      }
    }
    signed = memory.of(classes * MOST);
    masks = memory.of(shape.stride(last - 1));
    sum = memory.of(MOST);
    square = memory.of(MOST);
  }

  /**
   * Fills a block with an example's noise.
   *
   * @param random the signs s, one bit for each class
   * @param sigma the standard deviation of the noise
   * @param mask Not modified. 1 for neurons that are perturbed, from {@code maskAt} on
   * @param outgoing Not modified. The last layer's weights, (rows x 16)
   * @param out Modified. (units x lanes)
   */
  void fill(long random, float sigma, Floats mask, int maskAt, Floats outgoing, Floats out) {
    for (int k = 0; k < classes; k++) {
      float sign = (random >>> k & 1) == 0 ? 1f : -1f;
      for (int p = k * MOST; p < (k + 1) * MOST; p++) {
        signed.set(p, sign * hadamard[p]);
      }
    }
    kernels.clear(out, units * MOST);
    kernels.multiplyAdd(
        units, MOST, classes, outgoing, from * MOST, MOST, 1, signed, 0, MOST, out, 0, MOST);
    masks.copy(mask, maskAt, 0, masks.length());
    kernels.scaleRows(out, masks, out, units, MOST);
    kernels.laneSums(out, units, MOST, sum, square);
    float active = ComparingWorker.active(masks, 0, units);
    factor = active == 0 ? 0 : classes / active;
    for (int p = 0; p < MOST; p++) {
      float power = square.get(p);
      sum.set(p, power < Float.MIN_NORMAL ? 0f : sigma * (float) Math.sqrt(active / power));
    }
    scaleColumns(out.array(), out.at(), sum.array(), sum.at());
  }

  private void scaleColumns(float[] x, int at, float[] by, int byAt) {
    for (int row = at; row < at + units * MOST; row += MOST) {
      for (int p = 0; p < MOST; p++) {
        x[row + p] *= by[byAt + p];
      }
    }
  }

  /** Returns classes / n of the last example, or 0 if n is 0. */
  float factor() {
    return factor;
  }
}
