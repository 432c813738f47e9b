package org.grlu.math;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A stretch of an array: what kernels read and modify. Element i is {@code array()[at() + i]}; an
 * {@link Arena} may move its stretches within their array between two steps, so that whoever works
 * on the array itself asks for both anew in each step.
 */
public final class Floats {
  private final Block block;
  private final int offset;
  private final int length;

  /** An array of which others may have stretches too. */
  static final class Block {
    final float[] array;

    /** Where its first stretch starts. */
    int at;

    Block(float[] array, int at) {
      this.array = array;
      this.at = at;
    }
  }

  Floats(Block block, int offset, int length) {
    this.block = block;
    this.offset = offset;
    this.length = length;
  }

  /**
   * A part of an array; changing one changes the other.
   *
   * @param at where it starts
   */
  public Floats(float[] array, int at, int length) {
    this(new Block(array, at), 0, length);
  }

  /** So many zeros in an array of their own, wherever it may lie. */
  public static Floats of(int length) {
    return over(new float[length]);
  }

  /** All of an array; changing one changes the other. */
  public static Floats over(float[] array) {
    return new Floats(array, 0, array.length);
  }

  /** A part of it, from element {@code from}: changing one changes the other. */
  public Floats part(int from, int count) {
    return new Floats(block, offset + from, count);
  }

  /** The array itself, which others have stretches of. */
  public float[] array() {
    return block.array;
  }

  /** Where it starts in {@link #array}. */
  public int at() {
    return block.at + offset;
  }

  /** How many elements it has. */
  public int length() {
    return length;
  }

  /** Element {@code i}. */
  public float get(int i) {
    return block.array[block.at + offset + i];
  }

  /** Sets element {@code i}. */
  public void set(int i, float x) {
    block.array[block.at + offset + i] = x;
  }

  /** Sets elements {@code from} to {@code to}. */
  public void fill(int from, int to, float x) {
    Arrays.fill(array(), at() + from, at() + to, x);
  }

  /** Sets {@code n} elements from {@code to} to those of another from {@code from}. */
  public void copy(Floats other, int from, int to, int n) {
    System.arraycopy(other.array(), other.at() + from, array(), at() + to, n);
  }

  /** Puts {@code n} elements from {@code from} into a buffer. */
  public void put(FloatBuffer out, int from, int n) {
    out.put(array(), at() + from, n);
  }

  /** Takes {@code n} elements from {@code to} out of a buffer. */
  public void take(FloatBuffer in, int to, int n) {
    in.get(array(), at() + to, n);
  }

  /** Whether none is NaN or infinite. */
  public boolean finite() {
    for (int i = 0; i < length; i++) {
      if (!Float.isFinite(get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Elements {@code from} to {@code to}, in an array of their own. */
  public float[] copyOfRange(int from, int to) {
    return Arrays.copyOfRange(array(), at() + from, at() + to);
  }

  /** All elements, in an array of their own. */
  public float[] toArray() {
    return copyOfRange(0, length);
  }
}
