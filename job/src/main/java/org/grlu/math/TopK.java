package org.grlu.math;

/** Selection of the largest scores of a row. */
public final class TopK {
  private TopK() {}

  /** How many of {@code units} neurons k keeps: max(1, floor(k units)), in double precision. */
  public static int count(double k, int units) {
    return Math.max(1, (int) Math.floor(k * units));
  }

  /**
   * Marks the {@code count} largest scores; ties with the smallest of them are kept too.
   *
   * @param scores Not modified. {@code units} floats from {@code at}
   * @param scratch Modified. At least {@code units} floats
   * @param mask Modified. 1 or 0 in {@code units} floats from {@code maskAt}
   */
  public static void mask(
      float[] scores, int at, int units, int count, float[] scratch, float[] mask, int maskAt) {
    System.arraycopy(scores, at, scratch, 0, units);
    float threshold = select(scratch, units, units - count);
    for (int i = 0; i < units; i++) {
      mask[maskAt + i] = scores[at + i] >= threshold ? 1f : 0f;
    }
  }

  /** The element that would stand at {@code rank} if x were sorted: Hoare's quickselect. */
  private static float select(float[] x, int n, int rank) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      float pivot = median(x[low], x[(low + high) >>> 1], x[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (x[i] < pivot) {
          i++;
        }
        while (x[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float t = x[i];
          x[i++] = x[j];
          x[j--] = t;
        }
      }
      if (rank <= j) {
        high = j;
      } else if (rank >= i) {
        low = i;
      } else {
        return x[rank];
      }
    }
    return x[rank];
  }

  private static float median(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
