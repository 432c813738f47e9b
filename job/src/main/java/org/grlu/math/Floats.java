package org.grlu.math;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A stretch of an array: what kernels read and modify. Element i is {@code array[at + i]}.
 *
 * @param array the array itself, which others have stretches of
 * @param at where it starts
 * @param length how many there are
 */
public record Floats(float[] array, int at, int length) {
  /** So many zeros in an array of their own. */
  public static Floats of(int length) {
    return over(new float[length]);
  }

  /** All of an array; changing one changes the other. */
  public static Floats over(float[] array) {
    return new Floats(array, 0, array.length);
  }

  /** Element {@code i}. */
  public float get(int i) {
    return array[at + i];
  }

  /** Sets element {@code i}. */
  public void set(int i, float x) {
    array[at + i] = x;
  }

  /** Sets elements {@code from} to {@code to}. */
  public void fill(int from, int to, float x) {
    Arrays.fill(array, at + from, at + to, x);
  }

  /** Sets {@code n} elements from {@code to} to those of another from {@code from}. */
  public void copy(Floats other, int from, int to, int n) {
    System.arraycopy(other.array, other.at + from, array, at + to, n);
  }

  /** Puts {@code n} elements from {@code from} into a buffer. */
  public void put(FloatBuffer out, int from, int n) {
    out.put(array, at + from, n);
  }

  /** Takes {@code n} elements from {@code to} out of a buffer. */
  public void take(FloatBuffer in, int to, int n) {
    in.get(array, at + to, n);
  }

  /** Whether none is NaN or infinite. */
  public boolean finite() {
    for (int i = at; i < at + length; i++) {
      if (!Float.isFinite(array[i])) {
        return false;
      }
    }
    return true;
  }

  /** Elements {@code from} to {@code to}, in an array of their own. */
  public float[] copyOfRange(int from, int to) {
    return Arrays.copyOfRange(array, at + from, at + to);
  }

  /** All elements, in an array of their own. */
  public float[] toArray() {
    return copyOfRange(0, length);
  }
}
