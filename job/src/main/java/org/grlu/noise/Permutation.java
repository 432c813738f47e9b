package org.grlu.noise;

/** Random orders, by the shuffle of Fisher and Yates. */
public final class Permutation {
  private Permutation() {}

  /** The numbers below {@code n} in the order that {@code key} gives. */
  public static int[] of(long key, int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      // 32 random bits times (i + 1), over 2^32: the bias is below (i + 1) / 2^32
      long bits = StreamKey.child(key, i) >>> 32;
      int j = (int) ((bits * (i + 1)) >>> 32);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    return order;
  }
}
