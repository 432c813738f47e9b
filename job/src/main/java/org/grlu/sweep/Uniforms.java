package org.grlu.sweep;

import org.grlu.noise.StreamKey;

/** The uniform numbers below one key, one after another. */
final class Uniforms {
  private final long key;
  private long count;

  Uniforms(long key) {
    this.key = key;
  }

  /** In [0, 1), of 53 bits. */
  double next() {
    return of(StreamKey.child(key, count++));
  }

  /** A key as a number in [0, 1), of 53 bits. */
  static double of(long key) {
    return (key >>> 11) * 0x1p-53;
  }
}
