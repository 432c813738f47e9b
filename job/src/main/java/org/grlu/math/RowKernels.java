package org.grlu.math;

/**
 * The part of {@link Kernels} that works on rows of units rather than on lanes of perturbations.
 */
interface RowKernels {
  /**
   * Sums over the units of one pair, units in lanes: {@code sum_i s[i]}, {@code s[i]^2}, {@code
   * h[i]}, {@code s[i] h[i]} and {@code h[i]^2}.
   *
   * @param n of them, padded
   * @param out Modified. (5)
   */
  void pairMoments(Floats s, Floats h, int n, Floats out);

  /**
   * Products of a row with rows: {@code out[i] = sum_j x[j] w[i][j]}, a reduction each.
   *
   * @param x Not modified. (stride)
   * @param w Not modified. (rows x stride)
   * @param out Modified. (rows)
   */
  void dots(Floats x, Floats w, int rows, int stride, Floats out);

  /**
   * The product of one pair with a matrix, and the matrix's column sums, added to three rows:
   * {@code sum_i s[i] w[i][j]}, {@code sum_i h[i] w[i][j]} and {@code sum_i w[i][j]}, in quarters.
   *
   * @param rows of {@code w}, not padded
   * @param w Not modified. (rows x stride) from {@code wAt}
   * @param out Modified. (3 x stride)
   */
  void pairTimes(Floats s, Floats h, int rows, Floats w, int wAt, int stride, Floats out);

  /**
   * An outer product times a factor, added to a matrix: {@code c[i][j] = fma(x[i] y[j], factor,
   * c[i][j])}: what it adds to zero with factor 1, added with the factor, gives the same bits.
   *
   * @param rows of {@code c}, not padded
   * @param y Not modified. (stride)
   * @param c Modified. (rows x stride) from {@code at}
   */
  void addOuter(float factor, Floats x, int rows, Floats y, int stride, Floats c, int at);

  /**
   * Rows added to others: {@code out[to[k]][j] = fma(f[k], w[row[k]][j], out[to[k]][j])}, k in
   * order.
   *
   * @param row Not modified. {@code n} rows of {@code w}; so {@code to}, of {@code out}
   * @param f Not modified. {@code n} factors
   * @param w Not modified. (anything x stride) from {@code wAt}
   * @param out Modified. (anything x width), their first {@code stride} columns
   */
  void scatterRows(
      int[] row, int[] to, float[] f, int n, Floats w, int wAt, int stride, Floats out, int width);

  /**
   * The Walsh-Hadamard transform of a matrix's columns: {@code out[p] = sum_q (-1)^popcount(p and
   * q) x[q]}, not scaled. For h = 1, 2, 4, ... below {@code rows}, each two rows i and i + h, bit h
   * of i being 0, become their sum and their difference.
   *
   * @param x Modified. (rows x stride)
   * @param rows a power of two
   */
  void hadamard(Floats x, int rows, int stride);
}
