package org.grlu.features;

import java.util.Arrays;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;

/** Normal numbers of a stream. */
final class Normals {
  private Normals() {}

  static float[] of(long key, double deviation, int n) {
    float[] numbers = new float[Kernels.padded(n)];
    Kernels.best().gaussian(key, (float) deviation, Floats.over(numbers), 0, n);
    return Arrays.copyOf(numbers, n);
  }
}
