package org.grlu.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.grlu.datasets.npy.NpyHeader;

/** Small files as NumPy writes them. */
final class NpyBytes {
  private NpyBytes() {}

  /** An array of a type that {@link NpyHeader} names. */
  static byte[] array(String type, List<Integer> shape, double... values) {
    byte[] header = NpyHeader.bytes(type, shape);
    int size = type.charAt(2) - '0';
    ByteBuffer out =
        ByteBuffer.allocate(header.length + size * values.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header);
    for (double value : values) {
      switch (type.substring(1)) {
        case "f4" -> out.putFloat((float) value);
        case "f8" -> out.putDouble(value);
        case "u1", "i1" -> out.put((byte) value);
        case "u2", "i2" -> out.putShort((short) value);
        case "u4", "i4" -> out.putInt((int) (long) value);
        default -> out.putLong((long) value);
      }
    }
    return out.array();
  }

  /** An archive: names and contents in turn. */
  static byte[] archive(Object... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndContents[i] + ".npy"));
        zip.write((byte[]) namesAndContents[i + 1]);
      }
    }
    return bytes.toByteArray();
  }

  /** The same array in the other order, by its header: what is in it does not matter. */
  static byte[] inFortransOrder(byte[] array) {
    String text = new String(array, java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] turned =
        text.replace("'fortran_order': False", "'fortran_order': True ")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    if (Arrays.equals(turned, array)) {
      throw new IllegalArgumentException("no array in C's order");
    }
    return turned;
  }
}
