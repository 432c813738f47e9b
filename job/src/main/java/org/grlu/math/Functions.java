package org.grlu.math;

/**
 * Elementary functions in 32-bit floats, as fixed sequences of IEEE operations: every platform, and
 * the SIMD kernels that repeat the same sequence, give the same bits.
 *
 * <p>The polynomials of {@code log} and {@code exp} are those of S. Moshier's Cephes library
 * (logf.c, expf.c); all others are least-maximum fits of our own.
 */
public final class Functions {
  static final float LN2_HIGH = 0.6933594f;
  static final float LN2_LOW = -0.00021219444f;

  /** The bits of sqrt(1/2): a mantissa is brought to [sqrt(1/2), sqrt(2)). */
  static final int SQRT_HALF_BITS = 0x3f3504f3;

  static final float LOG0 = 0.070376836f;
  static final float LOG1 = -0.1151461f;
  static final float LOG2 = 0.116769984f;
  static final float LOG3 = -0.12420141f;
  static final float LOG4 = 0.14249323f;
  static final float LOG5 = -0.16668057f;
  static final float LOG6 = 0.20000714f;
  static final float LOG7 = -0.24999994f;
  static final float LOG8 = 0.3333333f;

  static final float LOG2_E = 1.442695f;

  /** Adding and subtracting 1.5 x 2^23 rounds a float to the nearest integer. */
  static final float ROUND = 12582912f;

  /** The bits of {@link #ROUND}: subtracted from those of a rounded sum, they leave the integer. */
  static final int ROUND_BITS = 0x4b400000;

  /** Below this, {@code exp} is taken for that of this: about 1.6e-38. */
  static final float EXP_LOWEST = -87f;

  static final float EXP0 = 0.00019875691f;
  static final float EXP1 = 0.0013981999f;
  static final float EXP2 = 0.008333452f;
  static final float EXP3 = 0.041665796f;
  static final float EXP4 = 0.16666666f;
  static final float EXP5 = 0.5f;

  /** {@code -2 log(1 + f) / f} on [sqrt(1/2) - 1, sqrt(2) - 1], to 7e-6 of its value. */
  static final float TWO_LOG0 = 0.2858412f;

  static final float TWO_LOG1 = -0.4411187f;
  static final float TWO_LOG2 = 0.5080654f;
  static final float TWO_LOG3 = -0.6651605f;
  static final float TWO_LOG4 = 0.9998044f;
  static final float TWO_LOG5 = -2.000009f;
  static final float TWO_LOG_EXPONENT = -1.3862944f;

  /** {@code -2 log(m)} on [1, 2], to 2.3e-5 and not below 0 at 1, nor below -2 log(2) at 2. */
  static final float RADIUS0 = -0.06266226f;

  static final float RADIUS1 = 0.582027f;
  static final float RADIUS2 = -2.2781572f;
  static final float RADIUS3 = 4.952237f;
  static final float RADIUS4 = -7.08378f;
  static final float RADIUS5 = 3.8903384f;

  /** The bits of 2^31: subtracted from those of a float, they leave its exponent less 31. */
  static final int RADIUS_BITS = 0x4f000000;

  static final int MANTISSA = 0x7fffff;
  static final int ONE_BITS = 0x3f800000;

  /** {@code sqrt(2) sin(x pi / 2) / x} on [-1, 1] in powers of x^2, to 2e-6. */
  static final float SIN1 = 2.2214398f;

  static final float SIN3 = -0.91347724f;
  static final float SIN5 = 0.11243089f;
  static final float SIN7 = -0.0061815483f;

  /** {@code sqrt(2) cos(x pi / 2)} on [-1, 1] in powers of x^2, to 1e-5. */
  static final float COS0 = 1.414204f;

  static final float COS2 = -1.7444106f;
  static final float COS4 = 0.3572024f;
  static final float COS6 = -0.027005447f;

  private Functions() {}

  /**
   * The natural logarithm, to about 1e-7 of its value.
   *
   * @param x positive, normal and finite
   */
  public static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float e = exponent;
    float square = f * f;
    float p = Math.fma(LOG0, f, LOG1);
    p = Math.fma(p, f, LOG2);
    p = Math.fma(p, f, LOG3);
    p = Math.fma(p, f, LOG4);
    p = Math.fma(p, f, LOG5);
    p = Math.fma(p, f, LOG6);
    p = Math.fma(p, f, LOG7);
    p = Math.fma(p, f, LOG8);
    float y = (p * f) * square;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(-0.5f, square, y);
    return Math.fma(e, LN2_HIGH, f + y);
  }

  /**
   * The exponential, to about 1e-7 of its value.
   *
   * @param x at most 0; below -87 it is taken for -87
   */
  public static float exp(float x) {
    float bounded = Math.max(x, EXP_LOWEST);
    float shifted = Math.fma(bounded, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_HIGH, bounded);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(EXP0, r, EXP1);
    p = Math.fma(p, r, EXP2);
    p = Math.fma(p, r, EXP3);
    p = Math.fma(p, r, EXP4);
    p = Math.fma(p, r, EXP5);
    float y = Math.fma(p, r * r, r) + 1f;
    return y * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) - ROUND_BITS + 127) << 23);
  }

  /**
   * The hyperbolic tangent, {@code (1 - e) / (1 + e)} with {@code e = exp(-2 |x|)} and the sign of
   * x, to about 1e-7; NaN of NaN.
   */
  public static float tanh(float x) {
    float e = exp(-2f * Math.abs(x));
    return Math.copySign((1f - e) / (1f + e), x);
  }

  /**
   * {@code -2 log(u)}, to 1e-5 of its value: never negative, 0 only for u = 1.
   *
   * @param u in (0, 1]
   */
  static float minusTwiceLog(float u) {
    int bits = Float.floatToRawIntBits(u);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float p = Math.fma(TWO_LOG0, f, TWO_LOG1);
    p = Math.fma(p, f, TWO_LOG2);
    p = Math.fma(p, f, TWO_LOG3);
    p = Math.fma(p, f, TWO_LOG4);
    p = Math.fma(p, f, TWO_LOG5);
    return Math.fma((float) exponent, TWO_LOG_EXPONENT, p * f);
  }

  /**
   * The square of a radius of Box and Muller's method, {@code -2 log(u / 2^31)}, to 3e-5: 0 or
   * more, as the root that is taken of it needs.
   *
   * @param u positive
   */
  static float squaredRadius(int u) {
    int bits = Float.floatToRawIntBits((float) u) - RADIUS_BITS;
    float m = Float.intBitsToFloat((bits & MANTISSA) | ONE_BITS);
    float p = Math.fma(RADIUS0, m, RADIUS1);
    p = Math.fma(p, m, RADIUS2);
    p = Math.fma(p, m, RADIUS3);
    p = Math.fma(p, m, RADIUS4);
    p = Math.fma(p, m, RADIUS5);
    return Math.fma((float) (bits >> 23), TWO_LOG_EXPONENT, p);
  }

  /**
   * {@code factor sqrt(2) sin(x pi / 2)}, to 2e-6 of the factor.
   *
   * @param x from -1 to 1
   */
  static float sine(float x, float factor) {
    float square = x * x;
    float p = Math.fma(factor * SIN7, square, factor * SIN5);
    p = Math.fma(p, square, factor * SIN3);
    return Math.fma(p, square, factor * SIN1) * x;
  }

  /** {@code factor sqrt(2) cos(x pi / 2)}, to 1e-5 of the factor; see {@link #sine}. */
  static float cosine(float x, float factor) {
    float square = x * x;
    float p = Math.fma(factor * COS6, square, factor * COS4);
    p = Math.fma(p, square, factor * COS2);
    return Math.fma(p, square, factor * COS0);
  }

  /**
   * The Walsh-Hadamard transform of a vector, not scaled; see {@link Kernels#hadamard}.
   *
   * @param x Modified. (n)
   * @param n a power of two
   */
  public static void hadamard(Floats x, int n) {
    float[] array = x.array();
    int end = x.at() + n;
    for (int h = 1; h < n; h *= 2) {
      for (int block = x.at(); block < end; block += 2 * h) {
        for (int i = block; i < block + h; i++) {
          float a = array[i];
          float b = array[i + h];
          array[i] = a + b;
          array[i + h] = a - b;
        }
      }
    }
  }
}
