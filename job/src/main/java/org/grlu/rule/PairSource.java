package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Kernels;

/**
 * What an antithetic pair hands to later layers, for a block of perturbations: {@code x(+) = s + h}
 * and {@code x(-) = s - h}, row by row, and the sums that layer norm needs of them.
 */
final class PairSource {
  final int width;
  final int stride;

  /** (rows x stride), or one row for all. */
  final float[] s;

  /** Whether {@link #s} is one row for all. */
  final boolean shared;

  /** (rows x stride); null where the pair does not differ, as at the network's input. */
  final float[] h;

  private final float[] sumS;
  private final float[] squareS;
  private final float[] sumH;
  private final float[] cross;
  private final float[] squareH;

  PairSource(int width, int rows, boolean shared, float[] h) {
    this.width = width;
    this.stride = Kernels.padded(width);
    this.shared = shared;
    this.s = new float[(shared ? 1 : rows) * stride];
    this.h = h;
    sumS = new float[rows];
    squareS = new float[rows];
    sumH = new float[rows];
    cross = new float[rows];
    squareH = new float[rows];
  }

  /** 0 where one row serves all. */
  int sStride() {
    return shared ? 0 : stride;
  }

  void measure(Kernels kernels, int rows) {
    kernels.rowSums(s, 0, stride, shared ? 1 : rows, sumS, squareS);
    if (shared) {
      Arrays.fill(sumS, 1, rows, sumS[0]);
      Arrays.fill(squareS, 1, rows, squareS[0]);
    }
    if (h != null) {
      kernels.pairSums(s, sStride(), h, stride, rows, sumH, cross, squareH);
    }
  }

  /** The sum of {@code s + sign h} in a row. */
  float sum(int row, float sign) {
    return Math.fma(sign, sumH[row], sumS[row]);
  }

  /** The sum of squares of {@code s + sign h} in a row. */
  float squares(int row, float sign) {
    return Math.fma(2f * sign, cross[row], squareS[row] + squareH[row]);
  }
}
