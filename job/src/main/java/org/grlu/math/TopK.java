package org.grlu.math;

import java.util.Arrays;

/** Selection of the largest scores of a row. */
public final class TopK {
  private TopK() {}

  /** How many of {@code units} neurons k keeps: max(1, floor(k units)), in double precision. */
  public static int count(double k, int units) {
    return Math.max(1, (int) Math.floor(k * units));
  }

  /**
   * Marks the {@code count} largest scores; ties with the smallest of them are kept too.
   *
   * <p>No sorting: a threshold is searched that just {@code count} scores reach, by the share of
   * scores between two bounds (regula falsi) and every third time by halving the floats between
   * them, until it is found or the bounds are neighbouring floats, which ties make happen.
   *
   * @param scores Modified beyond its {@code units}: the padding becomes minus infinity. From
   *     {@code at}
   * @param mask Modified. 1 or 0 in the padded number of floats from {@code maskAt}
   */
  public static void mask(
      Kernels kernels, float[] scores, int at, int units, int count, float[] mask, int maskAt) {
    int n = Kernels.padded(units);
    Arrays.fill(scores, at + units, at + n, Float.NEGATIVE_INFINITY);
    float threshold = threshold(kernels, scores, at, units, n, count);
    kernels.atLeast(scores, at, n, threshold, mask, maskAt);
  }

  private static float threshold(
      Kernels kernels, float[] scores, int at, int units, int n, int count) {
    float high = kernels.max(scores, at, n);
    int reachHigh = kernels.countAtLeast(scores, at, n, high);
    if (reachHigh >= count || Float.isNaN(high)) {
      return high;
    }
    float low = -Float.MAX_VALUE;
    int reachLow = units;
    // a first guess: scores are some units wide
    float middle = high - 8f;
    for (int turn = 1; reachLow != count; turn++) {
      if (turn > 1 || middle == high) {
        middle = between(low, high, reachLow, reachHigh, count, turn);
      }
      if (middle <= low || middle >= high) {
        return low;
      }
      int reach = kernels.countAtLeast(scores, at, n, middle);
      if (reach >= count) {
        low = middle;
        reachLow = reach;
      } else {
        high = middle;
        reachHigh = reach;
      }
    }
    return low;
  }

  private static float between(
      float low, float high, int reachLow, int reachHigh, int count, int turn) {
    float share = (reachLow - count + 0.5f) / (reachLow - reachHigh);
    float middle = low + (high - low) * share;
    if (turn % 3 != 0 && middle > low && middle < high) {
      return middle;
    }
    int a = ordered(low);
    int b = ordered(high);
    return unordered((int) (((long) a + b) >> 1));
  }

  /** Floats as integers in the same order. */
  private static int ordered(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  private static float unordered(int bits) {
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }
}
