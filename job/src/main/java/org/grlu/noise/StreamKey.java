package org.grlu.noise;

/**
 * 64-bit keys of random streams. A key is a path of numbers from the seed (purpose, step, example,
 * ...), each step of it one round of the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators", 2014; constants of D. Stafford's variant 13).
 */
public final class StreamKey {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** What a stream is for: streams of different purposes have nothing in common. */
  public enum Purpose {
    WEIGHTS(0),
    ORDER(1),
    NOISE(2),
    GUMBEL(3),
    /** The settings that a sweep draws. */
    SEARCH(4),
    /** Whatever else a rule draws. */
    RULE(5),
    /** What training changes of an image. */
    INPUT(6),
    /** Matrices of a rule that stay as they were drawn. */
    FIXED(7),
    /** What a slow system draws. */
    FEATURES(8),
    /** Which neurons a task silences. */
    CONTEXT(9),
    /** Of which examples it is learnt what a task's weights are worth. */
    CONSOLIDATION(10),
    /** What diagnostics draw: no result hangs on it. */
    DIAGNOSTICS(16);

    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  private StreamKey() {}

  /** The root of all streams of one purpose under one seed. */
  public static long of(long seed, Purpose purpose) {
    return child(mix(seed), purpose.number);
  }

  /** The stream {@code number} below {@code key}. */
  public static long child(long key, long number) {
    return mix(key + GOLDEN * (number + 1));
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
