package org.grlu.datasets;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The examples of a set as a file holds them: an array of unsigned bytes or of 32-bit floats,
 * {@code (n x features)}, {@code (n x rows x columns)} or {@code (n x rows x columns x channels)},
 * the last dimension fastest.
 */
public final class Values {
  private final String name;
  private final int[] shape;
  private final byte[] bytes; // null of floats
  private final float[] floats; // null of bytes

  private Values(String name, int[] shape, byte[] bytes, float[] floats) {
    this.name = name;
    this.shape = shape.clone();
    this.bytes = bytes;
    this.floats = floats;
  }

  /**
   * Takes the array over, without a copy.
   *
   * @param name of the file, for messages
   * @param shape whose product is the array's length
   */
  static Values ofBytes(String name, int[] shape, byte[] bytes) {
    return new Values(name, shape, bytes, null);
  }

  /**
   * Takes the array over, without a copy.
   *
   * @param name of the file, for messages
   * @param shape whose product is the array's length
   */
  public static Values ofFloats(String name, int[] shape, float[] floats) {
    return new Values(name, shape, null, floats);
  }

  String name() {
    return name;
  }

  /** How many examples. */
  int count() {
    return shape[0];
  }

  /** Whether they are vectors: of features that lie in no plane. */
  boolean areVectors() {
    return shape.length == 2;
  }

  boolean areFloats() {
    return floats != null;
  }

  /** What they are, for messages: "images of 28 x 28 pixels". */
  String kind() {
    String of = areFloats() ? "floats" : areVectors() ? "bytes" : "pixels";
    return (areVectors() ? "vectors of " : "images of ") + size() + " " + of;
  }

  /** The shape of one, for messages: "28 x 28". */
  String size() {
    return Arrays.stream(shape)
        .skip(1)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" x "));
  }

  /** Whether the others are of the same type, and vectors as these are. */
  boolean areAlike(Values other) {
    return areFloats() == other.areFloats() && areVectors() == other.areVectors();
  }

  /** Whether examples of both have the same shape. */
  boolean fits(Values other) {
    return Arrays.equals(shape, 1, shape.length, other.shape, 1, other.shape.length);
  }

  /**
   * The examples with their labels.
   *
   * @param labels one for each
   * @param transpose whether rows are to become columns
   */
  LabelledImages labelled(byte[] labels, boolean transpose) {
    int rows = areVectors() ? 1 : shape[1];
    int columns = areVectors() ? shape[1] : shape[2];
    int channels = shape.length == 4 ? shape[3] : 1;
    LabelledImages images =
        areFloats()
            ? LabelledImages.ofFloats(rows, columns, channels, floats, labels)
            : new LabelledImages(rows, columns, channels, bytes, labels);
    return transpose ? images.transposed() : images;
  }

  /**
   * Refuses what is not finite.
   *
   * @throws DatasetException where a value is not
   */
  void check() {
    if (!areFloats()) {
      return;
    }
    int each = floats.length / shape[0];
    for (int i = 0; i < shape[0]; i++) {
      check(name, floats, i * each, each, i);
    }
  }

  /**
   * Refuses an example that is not finite.
   *
   * @param name of the file, for messages
   * @param values of which the example's are {@code count} from {@code from}
   * @throws DatasetException where a value is not
   */
  public static void check(String name, float[] values, int from, int count, long example) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[from + i])) {
        throw new DatasetException(
            String.format(
                Locale.ROOT,
                "%s: value %d of example %d is %s; must be finite as a 32-bit float",
                name,
                i,
                example,
                values[from + i]));
      }
    }
  }
}
