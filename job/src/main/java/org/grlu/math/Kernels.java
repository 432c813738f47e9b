package org.grlu.math;

import java.util.Locale;

/**
 * The hot loops. Rows lie in row-major arrays, each {@linkplain #padded padded} with zeros to a
 * multiple of {@value #LANES} floats, so that no kernel needs a tail loop; wherever a parameter is
 * called a width or a stride it is such a padded one unless said otherwise.
 *
 * <p>Every result is a function of the inputs alone: products are chains of fused multiply-adds in
 * the order of their inner index; a reduction over an array is {@value #LANES} running sums,
 * element i going to sum i mod {@value #LANES}, folded in halves (i with i + 8, then 4, 2, 1).
 * Implementations differ in speed, never in a bit.
 */
public interface Kernels {
  /** The number of running sums of a reduction, and what rows are padded to. */
  int LANES = 16;

  /** The smallest multiple of {@link #LANES} that is at least {@code width}. */
  static int padded(int width) {
    return (width + LANES - 1) / LANES * LANES;
  }

  /** The implementation chosen for this JVM, by {@code -Dgrlu.kernels=auto|simd|scalar}. */
  static Kernels best() {
    return Choice.BEST;
  }

  /** What {@link #best} chose and why, for people: one line. */
  static String reason() {
    return Choice.REASON;
  }

  /** {@code scalar}, or {@code simd} and its width in bits. */
  String name();

  /**
   * Fills a row with Gaussian numbers by the method of Box and Muller (1958): units 32b+i and
   * 32b+16+i share a radius, from counter 2(16b+i), and an angle, from counter 2(16b+i)+1.
   *
   * @param key the stream
   * @param scale the standard deviation
   * @param out Modified from {@code at} for {@code padded(units)} floats; the padding becomes zero
   * @param units the number of units, not padded
   */
  void gaussian(long key, float scale, float[] out, int at, int units);

  /** Fills a row with +scale or -scale, unit j by counter j; parameters as {@link #gaussian}. */
  void rademacher(long key, float scale, float[] out, int at, int units);

  /**
   * Fills a row with Gumbel(0, 1) numbers, -log(-log(u)), unit j by counter j; parameters as {@link
   * #gaussian}.
   */
  void gumbel(long key, float[] out, int at, int units);

  /** How many of {@code n} floats from {@code at} are {@code threshold} or more; n padded. */
  int countAtLeast(float[] x, int at, int n, float threshold);

  /** {@code out[i] = x[i] >= threshold ? 1 : 0} for {@code n} floats from each offset; n padded. */
  void atLeast(float[] x, int at, int n, float threshold, float[] out, int outAt);

  /** The largest of {@code n} floats from {@code at}; n padded. */
  float max(float[] x, int at, int n);

  /**
   * Sums of rows: {@code sum[r] = sum_i x[r][i]}, {@code square[r] = sum_i x[r][i]^2}.
   *
   * @param x Not modified. (rows x stride) from {@code at}
   * @param sum Modified. (rows)
   * @param square Modified. (rows)
   */
  void rowSums(float[] x, int at, int stride, int rows, float[] sum, float[] square);

  /**
   * Sums over pairs of rows: {@code sum[r] = sum_i h[r][i]}, {@code cross[r] = sum_i s[r][i]
   * h[r][i]}, {@code square[r] = sum_i h[r][i]^2}.
   *
   * @param s Not modified. (rows x sStride), or one row for all where {@code sStride} is 0
   * @param h Not modified. (rows x stride)
   * @param sum Modified. (rows); so are {@code cross} and {@code square}
   */
  void pairSums(
      float[] s,
      int sStride,
      float[] h,
      int stride,
      int rows,
      float[] sum,
      float[] cross,
      float[] square);

  /**
   * A sparse row vector times a matrix: {@code out[j] = sum_k value[k] w[index[k]][j]}, k in order.
   *
   * @param index Not modified. Rows of {@code w}, from {@code from} to {@code to}; so {@code value}
   * @param w Not modified. (anything x stride)
   * @param out Modified. (stride) from {@code at}
   */
  void sparseProduct(
      int[] index, float[] value, int from, int to, float[] w, int stride, float[] out, int at);

  /**
   * A sparse outer product added to a matrix: {@code w[index[k]][j] += value[k] c[j]}, the product
   * rounded before it is added.
   *
   * @param c Not modified. (stride) from {@code at}
   * @param w Modified. (anything x stride)
   */
  void sparseUpdate(
      int[] index, float[] value, int from, int to, float[] c, int at, float[] w, int stride);

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
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
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
      float[] s,
      int sAt,
      float[] t,
      int tAt,
      float[] q,
      int qAt,
      float[] c,
      int cAt);

  /** {@code out[j] = sum_i w[i][j]} over {@code rows} rows of {@code w}, in order. */
  void columnSums(float[] w, int rows, int stride, float[] out);

  /**
   * Layer norm and bias after the product: {@code z[r][j] = scale[r] ((ws[r][j] + sign wh[r][j]) -
   * mean[r] wsum[j]) + bias[j]}.
   *
   * @param ws Not modified. (rows x wsStride), or one row for all where {@code wsStride} is 0
   * @param wh Not modified. (rows x stride)
   * @param sign +1 or -1
   * @param bias Not modified. (stride) from {@code biasAt}
   * @param z Modified. (rows x stride)
   */
  void normalise(
      float[] ws,
      int wsStride,
      float[] wh,
      float sign,
      float[] mean,
      float[] scale,
      float[] wsum,
      float[] bias,
      int biasAt,
      int rows,
      int stride,
      float[] z);

  /** {@code out[i] = x[i] > 0 ? 1 : 0} for the first {@code n}; {@code n} padded. */
  void positive(float[] x, float[] out, int n);

  /** {@code out[i] = a[i] b[i]} for the first {@code n}; {@code out} may be one of the others. */
  void multiply(float[] a, float[] b, float[] out, int n);

  /** {@code out[r][j] = x[r][j] y[j]} for each of {@code rows} rows; {@code out} may be x. */
  void multiplyRows(float[] x, float[] y, float[] out, int rows, int stride);

  /** {@code out[r][j] = x[r][j] f[r]} for each of {@code rows} rows; {@code out} may be x. */
  void scaleRows(float[] x, float[] f, float[] out, int rows, int stride);

  /** {@code y[i] = fma(f, x[i], y[i])} for {@code n} floats from each offset. */
  void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int n);

  /** {@code y[i] += x[i]} for the first {@code n}. */
  void add(float[] x, float[] y, int n);

  /**
   * {@code out[r][j] = fma(f[r], s[r][j], g[r] h[r][j]) - q[r]} on (rows x stride).
   *
   * @param out Modified.
   */
  void combine(
      float[] f, float[] s, float[] g, float[] h, float[] q, int rows, int stride, float[] out);

  /**
   * The probability that softmax gives to one label: {@code out[r] = exp(z[r][label] - max) / sum_j
   * exp(z[r][j] - max)}.
   *
   * @param z Not modified. (rows x stride), the first {@code units} of each row
   */
  void labelProbability(float[] z, int rows, int stride, int units, int label, float[] out);

  /**
   * {@code out[i] = log(x[i] + floor)} for the first {@code n}, not padded; NaN where {@code x[i]}
   * is NaN or infinite.
   */
  void log(float[] x, float floor, float[] out, int n);

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
      float[] zPlus,
      float[] maskPlus,
      float[] zMinus,
      float[] maskMinus,
      boolean gated,
      float[] noise,
      int n,
      float[] s,
      float[] h);

  /** Loaded on first use; reading the SIMD class without its module would fail. */
  final class Choice {
    static final Kernels BEST;
    static final String REASON;

    private Choice() {}

    static {
      String wanted = System.getProperty("grlu.kernels", "auto").toLowerCase(Locale.ROOT);
      boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
      Kernels simd = module && !wanted.equals("scalar") ? simd() : null;
      BEST = simd != null ? simd : new ScalarKernels();
      REASON =
          simd != null
              ? "kernels: " + simd.name() + " (module jdk.incubator.vector is there)"
              : wanted.equals("scalar")
                  ? "kernels: scalar, as -Dgrlu.kernels=scalar asks; several times slower than SIMD"
                  : "kernels: scalar, several times slower than SIMD: start the JVM with"
                      + " --add-modules=jdk.incubator.vector";
    }

    private static Kernels simd() {
      try {
        return Class.forName("org.grlu.math.SimdKernels")
            .asSubclass(Kernels.class)
            .getDeclaredConstructor()
            .newInstance();
      } catch (ReflectiveOperationException | LinkageError e) {
        return null;
      }
    }
  }
}
