package org.grlu.math;

/**
 * Elementary functions in 32-bit floats, as fixed sequences of IEEE operations: every platform, and
 * the SIMD kernels that repeat the same sequence, give the same bits.
 *
 * <p>The polynomials of {@code log} and {@code exp} are those of S. Moshier's Cephes library
 * (logf.c, expf.c); those of the radius and the sine are least-maximum fits of our own.
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
  static final float RADIUS0 = 0.2858412f;

  static final float RADIUS1 = -0.4411187f;
  static final float RADIUS2 = 0.5080654f;
  static final float RADIUS3 = -0.6651605f;
  static final float RADIUS4 = 0.9998044f;
  static final float RADIUS5 = -2.000009f;
  static final float RADIUS_EXPONENT = -1.3862944f;

  /** {@code sin(x pi / 2) / x} on [-1, 1] in powers of x^2, to 6e-7. */
  static final float SIN1 = 1.570791f;

  static final float SIN3 = -0.6458929f;
  static final float SIN5 = 0.0794345f;
  static final float SIN7 = -0.004333177f;

  /** A quarter turn, where a whole one is 2^32. */
  static final int QUARTER = 0x40000000;

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
   * The square of a radius of Box and Muller's method, {@code -2 log(u)}, to 1e-5 of its value:
   * never negative, 0 only for u = 1.
   *
   * @param u in (0, 1]
   */
  static float squaredRadius(float u) {
    int bits = Float.floatToRawIntBits(u);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float p = Math.fma(RADIUS0, f, RADIUS1);
    p = Math.fma(p, f, RADIUS2);
    p = Math.fma(p, f, RADIUS3);
    p = Math.fma(p, f, RADIUS4);
    p = Math.fma(p, f, RADIUS5);
    return Math.fma((float) exponent, RADIUS_EXPONENT, p * f);
  }

  /**
   * cos(2 pi t) to about 1e-6, for t = turns / 2^32.
   *
   * @param turns the angle as a signed fixed-point part of a turn; all values allowed
   */
  static float cosine(int turns) {
    float x = (QUARTER - Math.abs(turns)) * 0x1p-30f;
    float square = x * x;
    float p = Math.fma(SIN7, square, SIN5);
    p = Math.fma(p, square, SIN3);
    p = Math.fma(p, square, SIN1);
    return p * x;
  }
}
