package org.grlu.rule;

import org.grlu.math.Floats;

/** Holds the non-zero elements of a row, and multiplies them with the rows of a matrix. */
final class SparseRow {
  private static final int CHAINS = 8;

  private final int[] index;
  private final float[] value;
  private int count;

  /** Creates memory for rows of at most {@code width} elements. */
  SparseRow(int width) {
    index = new int[width];
    value = new float[width];
  }

  /** Copies the non-zero ones of a row's {@code n} elements. */
  void take(Floats row, int n) {
    float[] x = row.array();
    int at = row.at();
    int k = 0;
    for (int j = 0; j < n; j++) {
      index[k] = j;
      value[k] = x[at + j];
      k += x[at + j] != 0f ? 1 : 0;
    }
    count = k;
  }

  /**
   * Computes {@code out[i] = sum_j x[j] w[i][j]}, from 0, with one fused multiply-add for each j in
   * ascending order. The sum has the bits that it has with the zeros among the x included.
   *
   * @param w Not modified. (rows x stride)
   * @param out Modified. (rows)
   */
  void dots(Floats w, int rows, int stride, Floats out) {
    float[] array = w.array();
    float[] to = out.array();
    int i = 0;
    for (; i + CHAINS <= rows; i += CHAINS) {
      eight(array, w.at() + i * stride, stride, to, out.at() + i);
    }
    for (; i < rows; i++) {
      int at = w.at() + i * stride;
      float sum = 0;
      for (int k = 0; k < count; k++) {
        sum = Math.fma(value[k], array[at + index[k]], sum);
      }
      to[out.at() + i] = sum;
    }
  }

  /**
   * Computes eight rows at once, because each addition of a single chain would wait for the one
   * before.
   */
  private void eight(float[] w, int at, int stride, float[] to, int toAt) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int k = 0; k < count; k++) {
      float x = value[k];
      int j = at + index[k];
      s0 = Math.fma(x, w[j], s0);
      s1 = Math.fma(x, w[j + stride], s1);
      s2 = Math.fma(x, w[j + 2 * stride], s2);
      s3 = Math.fma(x, w[j + 3 * stride], s3);
      s4 = Math.fma(x, w[j + 4 * stride], s4);
      s5 = Math.fma(x, w[j + 5 * stride], s5);
      s6 = Math.fma(x, w[j + 6 * stride], s6);
      s7 = Math.fma(x, w[j + 7 * stride], s7);
    }
    to[toAt] = s0;
    to[toAt + 1] = s1;
    to[toAt + 2] = s2;
    to[toAt + 3] = s3;
    to[toAt + 4] = s4;
    to[toAt + 5] = s5;
    to[toAt + 6] = s6;
    to[toAt + 7] = s7;
  }
}
