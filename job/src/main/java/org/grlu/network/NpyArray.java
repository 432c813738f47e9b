package org.grlu.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An array of NumPy's .npy format, versions 1.0 to 3.0 (NumPy Enhancement Proposal 1), of
 * little-endian 32- or 64-bit floats.
 *
 * @param shape one or two dimensions
 * @param values row-major
 */
record NpyArray(List<Integer> shape, double[] values) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

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
    String dimensions =
        shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (shape.size() == 1 ? "," : "");
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, dimensions);
    // the data start at a multiple of 64; the header ends with a line feed
    int length = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 4;
    header = header + " ".repeat(length - header.length() - 1) + "\n";
    int size = type.equals("<f4") ? Float.BYTES : Double.BYTES;
    ByteBuffer out =
        ByteBuffer.allocate(MAGIC.length + 4 + length + size * values.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    out.put(header.getBytes(StandardCharsets.ISO_8859_1));
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
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    if (bytes.length < 12) {
      throw new ModelFileException("array %s: %d bytes are no .npy file", name, bytes.length);
    }
    in.get(magic);
    int version = in.get();
    in.get();
    if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
      throw new ModelFileException("array %s: no .npy file of version 1 to 3", name);
    }
    int length = version == 1 ? in.getShort() & 0xffff : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new ModelFileException("array %s: cut off within its header", name);
    }
    byte[] text = new byte[length];
    in.get(text);
    String header = new String(text, StandardCharsets.ISO_8859_1);
    String type = find(name, header, DESCRIPTION);
    boolean columnMajor = find(name, header, ORDER).equals("True");
    int size = type.equals("<f4") ? Float.BYTES : Double.BYTES;
    if (!type.equals("<f4") && !type.equals("<f8")) {
      throw new ModelFileException("array %s: type %s, must be <f4 or <f8", name, type);
    }
    List<Integer> shape = shape(name, find(name, header, SHAPE));
    long count = shape.stream().mapToLong(n -> n).reduce(1, Math::multiplyExact);
    if (count * size != in.remaining()) {
      throw new ModelFileException(
          "array %s: shape %s takes %d bytes, there are %d",
          name, shape, count * size, in.remaining());
    }
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = size == Float.BYTES ? in.getFloat() : in.getDouble();
    }
    return new NpyArray(
        shape, columnMajor && shape.size() == 2 ? transpose(values, shape) : values);
  }

  private static List<Integer> shape(String name, String text) {
    try {
      List<Integer> shape =
          Arrays.stream(text.split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .map(Integer::valueOf)
              .toList();
      if (shape.size() == 1 || shape.size() == 2) {
        return shape;
      }
    } catch (NumberFormatException e) {
      // falls through to the same error
    }
    throw new ModelFileException("array %s: shape (%s), must have one or two sizes", name, text);
  }

  private static double[] transpose(double[] columns, List<Integer> shape) {
    double[] rows = new double[columns.length];
    int n = shape.get(0);
    int m = shape.get(1);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        rows[i * m + j] = columns[j * n + i];
      }
    }
    return rows;
  }

  private static String find(String name, String header, Pattern pattern) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new ModelFileException("array %s: its header says nothing of %s", name, pattern);
    }
    return matcher.group(1);
  }
}
