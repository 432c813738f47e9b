package org.grlu.datasets;

import java.io.Serializable;

/** What turns images into codes, vectors of floats; may be used by any number of threads. */
public interface ImageCode extends Serializable {
  /** Codes of more than one part in so many of the heap are not kept. */
  int SHARE_OF_HEAP = 4;

  /**
   * Whether so many values are kept, rather than computed when they are needed.
   *
   * @param heap bytes that a JVM has
   */
  static boolean areKept(long values, long heap) {
    return values <= Integer.MAX_VALUE - 1024 && values * Float.BYTES <= heap / SHARE_OF_HEAP;
  }

  /** What tells it from all others. */
  String id();

  /** The length of a code. */
  int size();

  /**
   * Encodes some images.
   *
   * @param images Not modified. The images themselves, not codes
   * @param out Modified from {@code at}: the codes of images {@code from} to {@code from + count},
   *     (count x size)
   */
  void encode(LabelledImages images, int from, int count, float[] out, int at);
}
