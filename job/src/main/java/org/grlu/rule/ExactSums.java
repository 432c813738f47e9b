package org.grlu.rule;

import org.grlu.math.Floats;

/**
 * Sums of floats that lose nothing but their terms' own rounding: each is kept as two floats, what
 * 24 bits hold and what they leave over (Knuth's two-sum).
 */
final class ExactSums {
  private ExactSums() {}

  /**
   * Adds {@code n} terms.
   *
   * @param x Not modified. From {@code xAt}
   * @param sum Modified from {@code at}; so is {@code rest}
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

  /** Sum number {@code i}. */
  static double get(Floats sum, Floats rest, int i) {
    return (double) sum.get(i) + rest.get(i);
  }
}
