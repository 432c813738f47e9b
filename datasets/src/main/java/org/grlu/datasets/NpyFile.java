package org.grlu.datasets;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.datasets.npy.NpyException;
import org.grlu.datasets.npy.NpyHeader;
import org.grlu.datasets.npy.ZipArchive;

/** Arrays of NumPy's files, .npy and .npz, as examples and labels. */
final class NpyFile {
  /** Bytes of a number by the types that labels may have. */
  private static final Map<String, Integer> LABEL_TYPES =
      Map.of("|u1", 1, "|i1", 1, "<u2", 2, "<i2", 2, "<u4", 4, "<i4", 4, "<u8", 8, "<i8", 8);

  private static final Map<String, Integer> VALUE_TYPES = Map.of("|u1", 1, "<f4", 4, "<f8", 8);

  private NpyFile() {}

  /**
   * Examples: bytes, or floats that are rounded to 32 bits.
   *
   * @param name for messages
   * @param content the file's bytes, not modified
   * @throws DatasetException if it is damaged, or of another type or shape
   */
  static Values values(String name, byte[] content) {
    NpyHeader header = header(name, content);
    int[] shape = shape(name, header, "|u1, <f4 or <f8", VALUE_TYPES, 2, 4);
    ByteBuffer in = header.data();
    int count = in.remaining() / VALUE_TYPES.get(header.type());
    if (header.type().equals("|u1")) {
      byte[] bytes = new byte[count];
      in.get(bytes);
      return Values.ofBytes(name, shape, bytes);
    }
    boolean narrow = header.type().equals("<f4");
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = narrow ? in.getFloat() : (float) in.getDouble();
    }
    return Values.ofFloats(name, shape, floats);
  }

  /**
   * Labels.
   *
   * @param name for messages
   * @param content the file's bytes, not modified
   * @throws DatasetException if it is damaged, or of another type or shape
   */
  static LabelValues labels(String name, byte[] content) {
    NpyHeader header = header(name, content);
    String type = header.type();
    shape(name, header, "of whole numbers, |u1 to <i8", LABEL_TYPES, 1, 1);
    ByteBuffer in = header.data();
    int size = LABEL_TYPES.get(type);
    boolean signed = type.charAt(1) == 'i';
    long[] labels = new long[in.remaining() / size];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          switch (size) {
            case 1 -> signed ? in.get() : in.get() & 0xff;
            case 2 -> signed ? in.getShort() : in.getShort() & 0xffff;
            case 4 -> signed ? in.getInt() : in.getInt() & 0xffffffffL;
            // above 2^63 it becomes negative, and is refused as such
            default -> in.getLong();
          };
    }
    return new LabelValues(name, labels);
  }

  /**
   * A file of an .npz archive.
   *
   * @param path of the archive, for messages
   * @param names that the array may have, of which the first one counts that is there
   * @param what it holds, for messages
   */
  static Entry entry(String path, ZipArchive archive, List<String> names, String what) {
    for (String name : names) {
      if (archive.names().contains(name + ".npy")) {
        try {
          return new Entry(name + " of " + path, archive.read(name + ".npy"));
        } catch (NpyException e) {
          throw new DatasetException(path + ": " + e.getMessage(), e);
        }
      }
    }
    throw new DatasetException(
        String.format(
            Locale.ROOT,
            "%s: no array of %s among %s; must hold one of %s",
            path,
            what,
            String.join(", ", archive.names()),
            String.join(", ", names)));
  }

  /** An array of an archive: what it is called in messages, and its bytes. */
  static final class Entry {
    final String name;
    final byte[] content;

    Entry(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }
  }

  private static NpyHeader header(String name, byte[] content) {
    try {
      return NpyHeader.read(name, content);
    } catch (NpyException e) {
      throw new DatasetException(e.getMessage(), e);
    }
  }

  private static int[] shape(
      String name,
      NpyHeader header,
      String allowed,
      Map<String, Integer> types,
      int fewest,
      int most) {
    List<Integer> shape = header.shape();
    Integer size = types.get(header.type());
    if (size == null) {
      throw new DatasetException(
          "array " + name + ": type " + header.type() + "; must be " + allowed);
    }
    if (shape.size() < fewest || shape.size() > most || shape.contains(0)) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "array %s: shape %s; must have %s, each at least 1",
              name,
              shape,
              fewest == most ? "one dimension" : fewest + " to " + most + " dimensions"));
    }
    if (header.columnMajor() && shape.size() > 1) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "array %s: is in Fortran's order; must be in C's, as numpy.ascontiguousarray makes it",
              name));
    }
    int bytes = header.data().remaining();
    long count = bytes / size;
    for (int extent : shape) {
      // divided, since a product of four sizes can overflow
      count = count % extent == 0 ? count / extent : -1;
    }
    if (count != 1 || bytes % size != 0) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "array %s: %d bytes of data; must be what shape %s with %d bytes a number takes",
              name,
              bytes,
              shape,
              size));
    }
    return shape.stream().mapToInt(n -> n).toArray();
  }
}
