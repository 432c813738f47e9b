package org.grlu.datasets.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an .npy file, of versions 1.0 to 3.0, says of the array that is in it.
 *
 * @param type as NumPy writes it: {@code <f4}; "structured" where it is a list of fields
 * @param columnMajor whether its first dimension is the one that changes fastest
 * @param shape none or more dimensions
 * @param data the rest of the file, little-endian
 */
public record NpyHeader(String type, boolean columnMajor, List<Integer> shape, ByteBuffer data) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** What a file, of version 1.0, begins with; the data start at a multiple of 64 bytes. */
  public static byte[] bytes(String type, List<Integer> shape) {
    String dimensions =
        shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (shape.size() == 1 ? "," : "");
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, dimensions);
    // it ends with a line feed
    int size = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64;
    int length = size - MAGIC.length - 4;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    String padded = header + " ".repeat(length - header.length() - 1) + "\n";
    out.put(padded.getBytes(StandardCharsets.ISO_8859_1));
    return out.array();
  }

  /**
   * Reads a file's beginning.
   *
   * @param name of the array, for errors
   * @throws NpyException where it is none
   */
  public static NpyHeader read(String name, byte[] bytes) {
    if (bytes.length < 12) {
      throw new NpyException("array %s: %d bytes are no .npy file", name, bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    int version = in.get();
    in.get();
    if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
      throw new NpyException("array %s: no .npy file of version 1 to 3", name);
    }
    int length = version == 1 ? in.getShort() & 0xffff : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new NpyException("array %s: cut off within its header", name);
    }
    byte[] text = new byte[length];
    in.get(text);
    Charset charset = version < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    try {
      return of(PythonLiteral.read(new String(text, charset)), in.slice());
    } catch (IllegalArgumentException e) {
      throw new NpyException(
          "array %s: its header does not describe an array: %s", name, e.getMessage());
    }
  }

  private static NpyHeader of(Object literal, ByteBuffer data) {
    if (!(literal instanceof Map<?, ?> header)
        || !header.containsKey("descr")
        || !(header.get("fortran_order") instanceof Boolean columnMajor)
        || !(header.get("shape") instanceof List<?> sizes)) {
      throw new IllegalArgumentException("it must say descr, fortran_order and shape");
    }
    List<Integer> shape = new ArrayList<>();
    for (Object size : sizes) {
      if (!(size instanceof Long n) || n < 0 || n > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("shape " + sizes);
      }
      shape.add(n.intValue());
    }
    String type = header.get("descr") instanceof String word ? word : "structured";
    return new NpyHeader(type, columnMajor, shape, data.order(ByteOrder.LITTLE_ENDIAN));
  }
}
