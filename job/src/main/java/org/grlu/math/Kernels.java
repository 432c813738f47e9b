package org.grlu.math;

/**
 * The hot loops. Rows lie in row-major arrays, each {@linkplain #padded padded} with zeros to a
 * multiple of {@value #LANES} floats, so that no kernel needs a tail loop; wherever a parameter is
 * called a width or a stride it is such a padded one unless said otherwise.
 *
 * <p>Every result is a function of the inputs alone: products are chains of fused multiply-adds in
 * the order of their inner index; a reduction over an array is {@value #LANES} running sums,
 * element i going to sum i mod {@value #LANES}, folded in halves (i with i + 8, then 4, 2, 1). Of
 * what is computed for a block of perturbations, a lane is a perturbation: matrices are (units x
 * lanes), and sums run down their columns. A sum in quarters is four chains, each over a quarter of
 * the terms (rounded down; the last takes the rest) in order, added as (1st + 2nd) + (3rd + 4th): a
 * single chain would wait for itself. Implementations differ in speed, never in a bit.
 */
public interface Kernels extends RowKernels {
  /** The number of running sums of a reduction, and what rows are padded to. */
  int LANES = 16;

  /** What layer norm adds to a standard deviation. */
  float EPSILON = 1e-8f;

  /** An input whose variance is below this share of its mean square is taken for constant. */
  float CONSTANT = 1e-6f;

  /** The smallest multiple of {@link #LANES} that is at least {@code width}. */
  static int padded(int width) {
    return (width + LANES - 1) / LANES * LANES;
  }

  /** The implementation chosen for this JVM, by {@code -Dgrlu.kernels=auto|simd|scalar}. */
  static Kernels best() {
    return KernelChoice.OF_THIS_JVM.kernels();
  }

  /** What {@link #best} chose and why, for people: one line. */
  static String reason() {
    return KernelChoice.OF_THIS_JVM.reason();
  }

  /** {@code scalar}, or {@code simd} and its width in bits. */
  String name();

  /**
   * Fills a row with Gaussian numbers by the method of Box and Muller (1958): units 32b+i and
   * 32b+16+i share a radius and an angle, both from counter 16b+i. The square of a radius of the
   * standard normal is right to 3e-5, sine and cosine to 3e-5. No number is beyond 6.56 standard
   * deviations: 5e-11 of the distribution are.
   *
   * @param key the stream
   * @param scale the standard deviation, at least 0
   * @param out Modified from {@code at} for {@code padded(units)} floats; the padding becomes zero
   * @param units the number of units, not padded
   */
  void gaussian(long key, float scale, Floats out, int at, int units);

  /**
   * Fills a row with +scale or -scale, unit j by counter j; parameters as {@link #gaussian}. It is
   * what a lane of {@link #rademachers} gets under the same key.
   */
  void rademacher(long key, float scale, Floats out, int at, int units);

  /**
   * Fills a row with Gumbel(0, 1) numbers, -log(-log(u)), unit j by counter j; parameters as {@link
   * #gaussian}.
   */
  void gumbel(long key, Floats out, int at, int units);

  /**
   * Fills a block with Gaussian numbers: lane r of unit u is what {@link #gaussian} gives unit u
   * under the key {@code high[r] << 32 | low[r]}.
   *
   * @param low Not modified. (lanes), the keys' low halves; {@code high} likewise
   * @param units of the block, not padded
   * @param lanes of the block, padded
   * @param out Modified. (units x lanes)
   */
  void gaussians(int[] low, int[] high, float scale, int units, int lanes, Floats out);

  /** Fills a block with +scale or -scale, unit u by counter u; see {@link #gaussians}. */
  void rademachers(int[] low, int[] high, float scale, int units, int lanes, Floats out);

  /**
   * Fills a block with what {@link #gumbel} gives under each lane's key; see {@link #gaussians}.
   */
  void gumbels(int[] low, int[] high, int units, int lanes, Floats out);

  /**
   * Counts down columns: {@code count[r]} is how many of {@code x[i][r]} are less than {@code
   * threshold[r]}, by the sign of their difference: -0 is less than 0, and NaN is anything.
   *
   * @param x Not modified. (rows x lanes)
   * @param threshold Not modified. (lanes)
   * @param count Modified. (lanes)
   */
  void countBelow(Floats x, int rows, int lanes, Floats threshold, int[] count);

  /** {@code out[i][r]} is 0 where {@link #countBelow} counts {@code x[i][r]}, else 1. */
  void atLeast(Floats x, int rows, int lanes, Floats threshold, Floats out);

  /** {@code x[i] = 0} for the first {@code n}; n padded. */
  void clear(Floats x, int n);

  /**
   * Sums of rows: {@code sum[r] = sum_i x[r][i]}, {@code square[r] = sum_i x[r][i]^2}.
   *
   * @param x Not modified. (rows x stride) from {@code at}
   * @param sum Modified. (rows)
   * @param square Modified. (rows)
   */
  void rowSums(Floats x, int at, int stride, int rows, Floats sum, Floats square);

  /**
   * Sums down columns: {@code sum[r] = sum_i x[i][r]}, {@code square[r] = sum_i x[i][r]^2}, in
   * quarters.
   *
   * @param x Not modified. (rows x lanes)
   * @param sum Modified. (lanes)
   * @param square Modified. (lanes)
   */
  void laneSums(Floats x, int rows, int lanes, Floats sum, Floats square);

  /**
   * Sums down columns of a pair: {@code sum[r] = sum_i h[i][r]}, {@code cross[r] = sum_i s[i][r]
   * h[i][r]}, {@code square[r] = sum_i h[i][r]^2}, in quarters.
   *
   * @param s Not modified. (rows x lanes), or (rows) for all lanes where {@code shared}
   * @param h Not modified. (rows x lanes)
   * @param sum Modified. (lanes); so are {@code cross} and {@code square}
   */
  void pairSums(
      Floats s,
      boolean shared,
      Floats h,
      int rows,
      int lanes,
      Floats sum,
      Floats cross,
      Floats square);

  /**
   * Adds the sums over units of one member of each pair, {@code x = s + sign h}, from those of s
   * and h: {@code sum[r] += fma(sign, sumH[r], sumS[r])} and {@code square[r] += fma(2 sign,
   * cross[r], squareS[r] + squareH[r])}.
   *
   * @param sumS Not modified. (n), as are the other sums of {@link #laneSums} and {@link #pairSums}
   * @param n how many pairs, padded
   * @param sum Modified. (n); so is {@code square}
   */
  void addPairSums(
      float sign,
      Floats sumS,
      Floats squareS,
      Floats sumH,
      Floats cross,
      Floats squareH,
      int n,
      Floats sum,
      Floats square);

  /**
   * Factors of a pair's mean input after layer norm, {@code a s + b h - c}: with p and m the scales
   * of both members, {@code a = (p + m) / 2}, {@code b = (p - m) / 2} and {@code c = (mean(+) p +
   * mean(-) m) / 2}.
   *
   * @param n how many pairs, padded
   * @param a Modified. (n); so are {@code b} and {@code c}
   */
  void pairFactors(
      Floats meanPlus,
      Floats scalePlus,
      Floats meanMinus,
      Floats scaleMinus,
      int n,
      Floats a,
      Floats b,
      Floats c);

  /**
   * Products of rows with a vector: {@code out[i] = sum_r x[i][r] v[r]}, one fused multiply-add
   * each in the order of r, starting from 0.
   *
   * @param x Not modified. (rows x lanes)
   * @param v Not modified.
   * @param n how many of each row and of {@code v}
   * @param out Modified. (rows) from {@code at}
   */
  void rowProducts(Floats x, int rows, int lanes, Floats v, int n, Floats out, int at);

  /**
   * A sparse row vector times a matrix: {@code out[j] = sum_k value[k] w[index[k]][j]}, k in order.
   *
   * @param index Not modified. Rows of {@code w}, from {@code from} to {@code to}; so {@code value}
   * @param w Not modified. (anything x stride)
   * @param out Modified. (stride) from {@code at}
   */
  void sparseProduct(
      int[] index, float[] value, int from, int to, Floats w, int stride, Floats out, int at);

  /**
   * A sparse outer product added to a matrix: {@code w[index[k]][j] += value[k] c[j]}, the product
   * rounded before it is added.
   *
   * @param c Not modified. (stride) from {@code at}
   * @param w Modified. (anything x stride)
   */
  void sparseUpdate(
      int[] index, float[] value, int from, int to, Floats c, int at, Floats w, int stride);

  /**
   * A row vector times a matrix, added to a row: {@code out[j] += sum_i x(i) w[i][j]}, in quarters.
   *
   * @param x Not modified. Element i is at {@code xAt + i xStep}
   * @param rows of {@code w}
   * @param w Not modified. (rows x stride) from {@code wAt}
   * @param out Modified. (stride) from {@code at}
   */
  void rowTimes(
      Floats x, int xAt, int xStep, int rows, Floats w, int wAt, int stride, Floats out, int at);

  /**
   * A general product added to a matrix: {@code c[i][j] += sum_k a(i, k) b[k][j]}, one fused
   * multiply-add each in the order of k, starting from the c that is there.
   *
   * @param m rows of c
   * @param n columns of b and c, padded
   * @param k the inner length
   * @param a Not modified. Element (i, k) is at {@code aAt + i aRow + k aColumn}, so that a
   *     transposed matrix is a matter of strides
   * @param b Not modified. Row k starts at {@code bAt + k bRow}
   * @param c Modified. Row i starts at {@code cAt + i cRow}
   */
  void multiplyAdd(
      int m,
      int n,
      int k,
      Floats a,
      int aAt,
      int aRow,
      int aColumn,
      Floats b,
      int bAt,
      int bRow,
      Floats c,
      int cAt,
      int cRow);

  /**
   * A rank-one product and a shift added to a matrix: {@code c[i][j] = fma(s[i], t[j], c[i][j]) -
   * q[j]}.
   *
   * @param s Not modified. (rows) from {@code sAt}
   * @param t Not modified. (stride) from {@code tAt}; {@code q} likewise from {@code qAt}
   * @param c Modified. (rows x stride) from {@code cAt}
   */
  void rankOne(
      int rows,
      int stride,
      Floats s,
      int sAt,
      Floats t,
      int tAt,
      Floats q,
      int qAt,
      Floats c,
      int cAt);

  /** {@code out[j] = sum_i w[i][j]} over {@code rows} rows of {@code w}, in quarters. */
  void columnSums(Floats w, int rows, int stride, Floats out);

  /**
   * Layer norm's factors from sums over inputs: {@code mean = sum / inputs} and {@code scale = 1 /
   * (std + 1e-8)}; the scale is 0, which normalises to zero, for an input that is constant as far
   * as 32-bit sums can tell.
   *
   * @param inputs how many were summed
   * @param mean Modified: the sums, which become means
   * @param scale Modified: the sums of squares, which become scales
   * @param n of them, padded
   */
  void layerNorm(int inputs, Floats mean, Floats scale, int n);

  /**
   * Layer norm and bias after the product: {@code z[r][j] = scale[r] (z[r][j] - mean[r] wsum[j]) +
   * bias[j]}.
   *
   * @param wsum Not modified. (stride)
   * @param bias Not modified. (stride) from {@code biasAt}
   * @param z Modified. (rows x stride)
   */
  void normalise(
      Floats mean,
      Floats scale,
      Floats wsum,
      Floats bias,
      int biasAt,
      int rows,
      int stride,
      Floats z);

  /**
   * The same for one member of each pair, pairs in lanes: {@code z[u][r] = scale[r] ((ws[u][r] +
   * sign wh[u][r]) - mean[r] wsum[u]) + bias[u]}.
   *
   * @param ws Not modified. (units x lanes), or (units) for all lanes where {@code shared}
   * @param wh Not modified. (units x lanes)
   * @param sign +1 or -1
   * @param mean Not modified. (lanes); so is {@code scale}
   * @param wsum Not modified. (units)
   * @param bias Not modified. (units) from {@code biasAt}
   * @param z Modified. (units x lanes)
   */
  void normalisePairs(
      Floats ws,
      boolean shared,
      Floats wh,
      float sign,
      Floats mean,
      Floats scale,
      Floats wsum,
      Floats bias,
      int biasAt,
      int units,
      int lanes,
      Floats z);

  /** {@code out[i] = x[i] > 0 ? 1 : 0} for the first {@code n}; {@code n} padded. */
  void positive(Floats x, Floats out, int n);

  /** {@code out[i]} is size, -size or 0 as {@code x[i]} is above, below or 0; {@code n} padded. */
  void signs(Floats x, float size, Floats out, int n);

  /**
   * {@code x[i] = tanh(x[i])} for {@code n} floats from {@code at}, padded: to about 1e-7, as
   * {@link Functions#tanh}.
   */
  void tanh(Floats x, int at, int n);

  /** {@code out[i] = a[i] b[i]} for the first {@code n}; {@code out} may be one of the others. */
  void multiply(Floats a, Floats b, Floats out, int n);

  /** {@code out[r][j] = x[r][j] f[r]} for each of {@code rows} rows; {@code out} may be x. */
  void scaleRows(Floats x, Floats f, Floats out, int rows, int stride);

  /** {@code x[r][j] += f[r]} for each of {@code rows} rows. */
  void addToRows(Floats f, Floats x, int rows, int stride);

  /** {@code y[i] = fma(f, x[i], y[i])} for {@code n} floats from each offset. */
  void addScaled(float f, Floats x, int xAt, Floats y, int yAt, int n);

  /** {@code y[i] += x[i]} for the first {@code n}. */
  void add(Floats x, Floats y, int n);

  /**
   * {@code out[i][r] = fma(f[r], s[i][r], g[r] h[i][r]) - q[r]} on (rows x lanes).
   *
   * @param f Not modified. (lanes); so are {@code g} and {@code q}
   * @param out Modified.
   */
  void combine(Floats f, Floats s, Floats g, Floats h, Floats q, int rows, int lanes, Floats out);

  /**
   * The probability that softmax gives to one label, in each column: {@code out[r] =
   * exp(z[label][r] - max) / sum_u exp(z[u][r] - max)}, u in order.
   *
   * @param z Modified: becomes {@code exp(z[u][r] - max)}. (units x lanes)
   * @param out Modified. (lanes)
   */
  void labelProbability(Floats z, int units, int lanes, int label, Floats out);

  /**
   * {@code out[i] = log(x[i] + floor)} for the first {@code n}, padded; NaN where {@code x[i]} is
   * NaN or infinite.
   */
  void log(Floats x, float floor, Floats out, int n);

  /**
   * The next layer's input of an antithetic pair, as mean and half difference: with {@code x+ = z+
   * m+ + g+ noise} and {@code x- = z- m- - g- noise}, {@code s = (x+ + x-) / 2} and {@code h = (x+
   * - x-) / 2}.
   *
   * @param maskPlus Not modified. 1 where the activation lets a neuron of the first member through
   * @param gated whether g is the mask, or 1 everywhere
   * @param noise Modified: becomes {@code noise (g+ + g-) / 2}
   * @param s Modified. (n)
   * @param h Modified. (n)
   */
  void activatePair(
      Floats zPlus,
      Floats maskPlus,
      Floats zMinus,
      Floats maskMinus,
      boolean gated,
      Floats noise,
      int n,
      Floats s,
      Floats h);
}
