package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Kernels;

/**
 * What antithetic pairs hand to later layers, for a block of perturbations, one a lane: {@code x(+)
 * = s + h} and {@code x(-) = s - h}, and the sums over units that layer norm needs of them.
 */
final class PairSource {
  final int width;

  /** (units x lanes), or (units, padded) for all lanes. */
  final float[] s;

  /** Whether {@link #s} is the same for all lanes. */
  final boolean shared;

  /** (units x lanes); null where the pair does not differ, as at the network's input. */
  final float[] h;

  private final float[] sumS;
  private final float[] squareS;
  private final float[] sumH;
  private final float[] cross;
  private final float[] squareH;

  PairSource(int width, int lanes, boolean shared, float[] h) {
    this.width = width;
    this.shared = shared;
    this.s = new float[shared ? Kernels.padded(width) : width * lanes];
    this.h = h;
    sumS = new float[lanes];
    squareS = new float[lanes];
    sumH = new float[lanes];
    cross = new float[lanes];
    squareH = new float[lanes];
  }

  void measure(Kernels kernels, int lanes) {
    if (shared) {
      kernels.rowSums(s, 0, s.length, 1, sumS, squareS);
      Arrays.fill(sumS, 1, lanes, sumS[0]);
      Arrays.fill(squareS, 1, lanes, squareS[0]);
    } else {
      kernels.laneSums(s, width, lanes, sumS, squareS);
    }
    if (h != null) {
      kernels.pairSums(s, shared, h, width, lanes, sumH, cross, squareH);
    }
  }

  /**
   * Adds the sums over units of {@code s + sign h}, and of their squares.
   *
   * @param sum Modified. (lanes); so is {@code square}
   */
  void addSums(float sign, int lanes, float[] sum, float[] square) {
    for (int r = 0; r < lanes; r++) {
      sum[r] += Math.fma(sign, sumH[r], sumS[r]);
      square[r] += Math.fma(2f * sign, cross[r], squareS[r] + squareH[r]);
    }
  }
}
