package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Accuracy over dense grids; measured: 0.78 and 0.99 ulps, 2.4e-5, 1.8e-6 and 9.7e-6. */
class FunctionsTest {

  @Test
  void logIsRightToOneUlp() {
    double worst = 0;
    for (int bits = 0x00800000; bits < 0x7f800000; bits += 997) {
      float x = Float.intBitsToFloat(bits);
      double exact = StrictMath.log(x);
      worst = Math.max(worst, Math.abs(Functions.log(x) - exact) / Math.ulp((float) exact));
    }
    assertThat(worst).isLessThan(1);
  }

  /** To 7.4e-6 of its value, by the fit; 1 and what is next to it among the arguments. */
  @Test
  void minusTwiceLogIsRightToAHundredThousandth() {
    assertThat(Functions.minusTwiceLog(1f)).isZero();
    for (int bits = 0x2f800000; bits < 0x3f800000; bits += 97) {
      float u = Float.intBitsToFloat(bits);
      double exact = -2 * StrictMath.log(u);
      assertThat(Math.abs(Functions.minusTwiceLog(u) - exact)).isLessThan(1e-5 * exact + 1e-12);
    }
    assertThat(Functions.minusTwiceLog(Math.nextDown(1f))).isPositive();
  }

  @Test
  void squaredRadiusIsRightToThirtyMillionths() {
    double worst = 0;
    for (long u = 1; u <= Integer.MAX_VALUE; u += 1 + u / 100_000) {
      double exact = -2 * StrictMath.log(u * 0x1p-31);
      worst = Math.max(worst, Math.abs(Functions.squaredRadius((int) u) - exact));
    }
    assertThat(worst).isLessThan(3e-5);
    assertThat(Math.sqrt(Functions.squaredRadius(1))).isBetween(6.55, 6.56);
  }

  /** Each float from 1/4 to 1: its root is taken. */
  @Test
  void squaredRadiusIsNeverNegative() {
    float least = Float.POSITIVE_INFINITY;
    for (long u = 1 << 29; u <= Integer.MAX_VALUE; u += 32) {
      least = Math.min(least, Functions.squaredRadius((int) u));
    }
    assertThat(Math.min(least, Functions.squaredRadius(Integer.MAX_VALUE))).isNotNegative();
  }

  @Test
  void expIsRightToOneUlp() {
    double worst = 0;
    for (int i = 0; i <= 2_000_000; i++) {
      float x = -87f * i / 2_000_000;
      double exact = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(Functions.exp(x) - exact) / Math.ulp((float) exact));
    }
    assertThat(worst).isLessThan(1);
  }

  @Test
  void expStaysAtItsLowestBelowItsRange() {
    assertThat(Functions.exp(-1e30f)).isEqualTo(Functions.exp(-87f)).isPositive();
    assertThat(Functions.exp(Float.NEGATIVE_INFINITY)).isEqualTo(Functions.exp(-87f));
    assertThat(Functions.exp(Float.NaN)).isNaN();
  }

  @Test
  void sineAndCosineAreRightToTheirFits() {
    double worstSine = 0;
    double worstCosine = 0;
    for (long turns = Integer.MIN_VALUE; turns <= Integer.MAX_VALUE; turns += 1999) {
      float x = (int) turns * 0x1p-31f;
      double sine = Math.sqrt(2) * StrictMath.sin(x * Math.PI / 2);
      double cosine = Math.sqrt(2) * StrictMath.cos(x * Math.PI / 2);
      worstSine = Math.max(worstSine, Math.abs(Functions.sine(x, 0.5f) - 0.5 * sine));
      worstCosine = Math.max(worstCosine, Math.abs(Functions.cosine(x, 0.5f) - 0.5 * cosine));
    }
    assertThat(2 * worstSine).isLessThan(2e-6);
    assertThat(2 * worstCosine).isLessThan(1e-5);
  }
}
