package org.grlu.math;

/**
 * A counter-based hash of 32 bits under a key of 64: a golden-ratio sequence through two rounds of
 * multiply and xor-shift (the constants are C. Wellons' and T. Ironborn's from the search for
 * low-bias 32-bit permutations), the second half of the key added between them.
 *
 * <p>Where one counter gives two numbers they come of one {@link #state}, times {@link
 * #MULTIPLIER2} and {@link #MULTIPLIER3}. All states together make a lattice of 2^32 points in the
 * square of the two, whose shortest vector is 0.79 of the longest that there is; neither of them
 * repeats.
 */
final class Hash {
  static final int STEP = 0x9E3779B9;
  static final int MULTIPLIER1 = 0x21f0aaad;
  static final int MULTIPLIER2 = 0x735a2d97;

  /** {@link #MULTIPLIER2} times 0x915f77f5, of Steele and Vigna's "spectrally good multipliers". */
  static final int MULTIPLIER3 = 0xc287d283;

  static final int SHIFT1 = 16;
  static final int SHIFT2 = 15;
  static final int SHIFT3 = 15;

  private Hash() {}

  static int of(int counter, int key0, int key1) {
    int x = state(counter, key0, key1) * MULTIPLIER2;
    return x ^ (x >>> SHIFT3);
  }

  /** The hash before its last multiplication: a permutation of the counters. */
  static int state(int counter, int key0, int key1) {
    int x = counter * STEP + key0;
    x ^= x >>> SHIFT1;
    x *= MULTIPLIER1;
    x += key1;
    return x ^ (x >>> SHIFT2);
  }
}
