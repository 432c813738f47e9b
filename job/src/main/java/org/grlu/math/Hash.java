package org.grlu.math;

/**
 * A counter-based hash of 32 bits under a key of 64: a golden-ratio sequence through two rounds of
 * multiply and xor-shift (the constants are C. Wellons' and T. Ironborn's from the search for
 * low-bias 32-bit permutations), the second half of the key added between them.
 */
final class Hash {
  static final int STEP = 0x9E3779B9;
  static final int MULTIPLIER1 = 0x21f0aaad;
  static final int MULTIPLIER2 = 0x735a2d97;
  static final int SHIFT1 = 16;
  static final int SHIFT2 = 15;
  static final int SHIFT3 = 15;

  private Hash() {}

  static int of(int counter, int key0, int key1) {
    int x = counter * STEP + key0;
    x ^= x >>> SHIFT1;
    x *= MULTIPLIER1;
    x += key1;
    x ^= x >>> SHIFT2;
    x *= MULTIPLIER2;
    return x ^ (x >>> SHIFT3);
  }
}
