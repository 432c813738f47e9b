package org.grlu.rule;

import org.grlu.math.Floats;

/**
 * Adds floats with almost no rounding error. Each sum is kept as two floats: the rounded sum, and
 * the rest that rounding left over (Knuth's two-sum).
 */
final class ExactSums {
  private ExactSums() {}

  /**
   * Adds one term to each of {@code n} sums.
   *
   * @param x Not modified. The terms start at {@code xAt}
   * @param sum Modified from {@code at}
   * @param rest Modified from {@code at}
   */
  static void add(Floats x, int xAt, Floats sum, Floats rest, int at, int n) {
    float[] terms = x.array();
    float[] sums = sum.array();
    float[] rests = rest.array();
    int from = x.at() + xAt;
    int to = sum.at() + at;
    int left = rest.at() + at;
    for (int i = 0; i < n; i++) {
      float term = terms[from + i];
      float before = sums[to + i];
      float after = before + term;
      float added = after - before;
      sums[to + i] = after;
      rests[left + i] += (before - (after - added)) + (term - added);
    }
  }

  /** Returns sum number {@code i}, in double precision. */
  static double get(Floats sum, Floats rest, int i) {
    return (double) sum.get(i) + rest.get(i);
  }
}
