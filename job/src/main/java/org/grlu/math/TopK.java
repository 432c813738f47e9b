package org.grlu.math;

import java.util.Arrays;

/**
 * Selection of the largest scores of columns.
 *
 * <p>No sorting: for each column a threshold is searched that just so many scores reach. It starts
 * where the last search ended, moves by the number of scores it is off, then by the share of scores
 * between the two bounds it has met (regula falsi), every third time halfway, until it is found or
 * the bounds are neighbouring floats, which ties make happen. What is selected is a function of the
 * scores alone; where the search starts is not.
 */
public final class TopK {
  /** Turns without a bound on both sides after which the search goes to the largest float. */
  private static final int LONG_WAY = 16;

  private final Kernels kernels;
  private final Floats threshold;
  private final int[] below;

  /** Thresholds that enough scores reach, and such that too few do; NaN while there is none. */
  private final float[] low;

  private final float[] high;

  /** How many scores reach those. */
  private final int[] reachLow;

  private final int[] reachHigh;
  private final boolean[] found;

  /** Where the last search began and ended, and how many scores it met for each unit of its way. */
  private float start;

  private float density = 64f;

  /**
   * Scratch memory for one thread.
   *
   * @param lanes the most columns of one selection
   */
  public TopK(Kernels kernels, int lanes, Arena memory) {
    this.kernels = kernels;
    threshold = memory.of(lanes);
    below = new int[lanes];
    low = new float[lanes];
    high = new float[lanes];
    reachLow = new int[lanes];
    reachHigh = new int[lanes];
    found = new boolean[lanes];
  }

  /** How many of {@code units} neurons k keeps: max(1, floor(k units)), in double precision. */
  public static int count(double k, int units) {
    return Math.max(1, (int) Math.floor(k * units));
  }

  /**
   * Marks the {@code count} largest scores of each column; ties with the smallest of them are kept
   * too. Of a column with NaN or infinity it is not said what is marked.
   *
   * @param scores Not modified. (units x lanes), lanes padded
   * @param mask Modified. 1 or 0, (units x lanes)
   */
  public void mask(Floats scores, int units, int lanes, int count, Floats mask) {
    search(scores, units, lanes, count);
    kernels.atLeast(scores, units, lanes, threshold, mask);
  }

  private void search(Floats scores, int units, int lanes, int count) {
    threshold.fill(0, threshold.length(), start);
    Arrays.fill(low, Float.NaN);
    Arrays.fill(high, Float.NaN);
    Arrays.fill(found, false);
    int open = lanes;
    for (int turn = 1; open > 0; turn++) {
      kernels.countBelow(scores, units, lanes, threshold, below);
      for (int lane = 0; lane < lanes; lane++) {
        if (!found[lane] && narrow(lane, units - below[lane], count, turn)) {
          found[lane] = true;
          open--;
        }
      }
    }
    float sum = 0;
    for (int lane = 0; lane < lanes; lane++) {
      sum += threshold.get(lane);
    }
    start = Float.isFinite(sum) ? sum / lanes : 0f;
  }

  /** Takes a count into account; whether {@link #threshold} is now the one that selects. */
  private boolean narrow(int lane, int reach, int count, int turn) {
    float at = threshold.get(lane);
    if (reach == count) {
      return true;
    }
    if (reach > count) {
      low[lane] = at;
      reachLow[lane] = reach;
    } else {
      high[lane] = at;
      reachHigh[lane] = reach;
    }
    if (Float.isNaN(low[lane]) || Float.isNaN(high[lane])) {
      // doubled each time, since scores may lie anywhere, and at last all the way
      float next = at + (reach - count) / density * (1 << Math.min(turn, LONG_WAY));
      if (turn >= LONG_WAY || !Float.isFinite(next)) {
        next = reach > count ? Float.MAX_VALUE : -Float.MAX_VALUE;
      }
      threshold.set(lane, next);
      return next == at && Math.abs(next) == Float.MAX_VALUE;
    }
    float way = high[lane] - low[lane];
    // of columns that are all ties nothing is learnt
    density = way > 1e-6f ? (reachLow[lane] - reachHigh[lane]) / way : density;
    float next = between(lane, count, turn);
    boolean neighbours = next <= low[lane] || next >= high[lane];
    threshold.set(lane, neighbours ? low[lane] : next);
    return neighbours;
  }

  private float between(int lane, int count, int turn) {
    float from = low[lane];
    float to = high[lane];
    float share = (reachLow[lane] - count + 0.5f) / (reachLow[lane] - reachHigh[lane]);
    float guess = from + (to - from) * share;
    if (turn % 3 != 0 && guess > from && guess < to) {
      return guess;
    }
    return unordered((int) (((long) ordered(from) + ordered(to)) >> 1));
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
