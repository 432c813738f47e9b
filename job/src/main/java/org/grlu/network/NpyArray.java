package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.grlu.datasets.npy.NpyHeader;

/**
 * An array of NumPy's .npy format, versions 1.0 to 3.0 (NumPy Enhancement Proposal 1), of
 * little-endian 32- or 64-bit floats.
 *
 * @param shape one to five dimensions
 * @param values row-major
 */
record NpyArray(List<Integer> shape, double[] values) {
  private static final int MOST_SIZES = 5;

  static NpyArray of(float[] values, Integer... shape) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return new NpyArray(List.of(shape), wide);
  }

  float[] floats() {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  /** The file's bytes; {@code type} is {@code <f4} or {@code <f8}. */
  byte[] bytes(String type) {
    int size = type.equals("<f4") ? Float.BYTES : Double.BYTES;
    byte[] header = NpyHeader.bytes(type, shape);
    ByteBuffer out =
        ByteBuffer.allocate(header.length + size * values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(header);
    for (double value : values) {
      if (size == Float.BYTES) {
        out.putFloat((float) value);
      } else {
        out.putDouble(value);
      }
    }
    return out.array();
  }

  /**
   * Reads a file's bytes.
   *
   * @param name of the array, for errors
   * @throws ModelFileException where they are no such array
   */
  static NpyArray read(String name, byte[] bytes) {
    NpyHeader header = ModelFile.header(name, bytes);
    String type = header.type();
    List<Integer> shape = header.shape();
    if (!type.equals("<f4") && !type.equals("<f8")) {
      throw new ModelFileException(
          "array %s: type %s, must be <f4 or <f8",
          name, type.endsWith("O") ? type + " (pickled objects)" : type);
    }
    if (shape.isEmpty() || shape.size() > MOST_SIZES) {
      throw new ModelFileException(
          "array %s: shape %s, must have one to %d sizes", name, shape, MOST_SIZES);
    }
    int size = type.equals("<f4") ? Float.BYTES : Double.BYTES;
    ByteBuffer in = header.data();
    long count = shape.stream().mapToLong(n -> n).reduce(1, Math::multiplyExact);
    if (count != in.remaining() / size || in.remaining() % size != 0) {
      throw new ModelFileException(
          "array %s: shape %s takes %d numbers of %d bytes, there are %d bytes",
          name, shape, count, size, in.remaining());
    }
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = size == Float.BYTES ? in.getFloat() : in.getDouble();
    }
    return new NpyArray(shape, header.columnMajor() ? rowMajor(values, shape) : values);
  }

  /** Numbers whose first index runs fastest, in the order in which the last one does. */
  private static double[] rowMajor(double[] columns, List<Integer> shape) {
    double[] rows = new double[columns.length];
    for (int i = 0; i < rows.length; i++) {
      int rest = i;
      int at = 0;
      int block = rows.length;
      for (int d = shape.size() - 1; d >= 0; d--) {
        block /= shape.get(d);
        at += rest % shape.get(d) * block;
        rest /= shape.get(d);
      }
      rows[i] = columns[at];
    }
    return rows;
  }
}
