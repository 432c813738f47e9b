package org.grlu.datasets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * An IDX file of unsigned bytes: a magic number (two zero bytes, the type, the number of
 * dimensions), the dimensions as big-endian 32-bit integers, then the values, the last dimension
 * fastest. The format is described at <a href="http://yann.lecun.com/exdb/mnist/">the MNIST
 * database</a>.
 */
final class IdxFile {
  /** What the JDK can allocate as one array. */
  static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int UNSIGNED_BYTES = 0x08;

  private final String name;
  private final int[] shape;
  private final byte[] values; // as many as the product of the shape

  private IdxFile(String name, int[] shape, byte[] values) {
    this.name = name;
    this.shape = shape;
    this.values = values;
  }

  /**
   * Parses the content of a file. Whether it is compressed by gzip its first bytes say, not its
   * name: browsers unpack what they download and leave the name.
   *
   * @param name for messages
   * @param content the file's bytes, not modified
   * @param dimensions how many the file must have
   * @throws DatasetException if the content is damaged
   */
  static IdxFile parse(String name, byte[] content, int dimensions) {
    if (content.length == 0) {
      throw new DatasetException(name + ": 0 bytes; must be an IDX file");
    }
    if (!isGzip(content)) {
      try {
        return read(name, new ByteArrayInputStream(content), dimensions);
      } catch (IOException e) {
        throw new IllegalStateException("reading an array failed", e);
      }
    }
    try (Gunzip in = new Gunzip(content)) {
      IdxFile file = read(name, in, dimensions);
      refuseTrailing(name, in.bytesAfterLastMember(), "after the compressed data");
      return file;
    } catch (IOException e) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: damaged gzip data in its %d bytes (%s); must be a whole gzip file",
              name,
              content.length,
              OneLine.of(e)),
          e);
    }
  }

  /** The values as examples. */
  Values values() {
    return Values.ofBytes(name, shape, values);
  }

  /** The values as labels. */
  LabelValues labels() {
    long[] labels = new long[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Byte.toUnsignedLong(values[i]);
    }
    return new LabelValues(name, labels);
  }

  static boolean isGzip(byte[] content) {
    return content.length > 1 && content[0] == (byte) 0x1f && content[1] == (byte) 0x8b;
  }

  /**
   * Reads the header, and of it gives the dimensions as they are announced.
   *
   * @throws DatasetException if it is another file's
   */
  static long[] header(String name, InputStream in, int dimensions) throws IOException {
    int headerBytes = Integer.BYTES * (1 + dimensions);
    byte[] header = in.readNBytes(headerBytes);
    if (header.length < headerBytes) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: truncated after %d bytes; the header alone must be %d",
              name,
              header.length,
              headerBytes));
    }
    long magic = unsignedInt(header, 0);
    int expected = UNSIGNED_BYTES << 8 | dimensions;
    if (magic != expected) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: magic number 0x%08x; must be 0x%08x (unsigned bytes, %d dimension%s)",
              name,
              magic,
              expected,
              dimensions,
              dimensions == 1 ? "" : "s"));
    }
    long[] announced = new long[dimensions];
    for (int d = 0; d < dimensions; d++) {
      announced[d] = unsignedInt(header, Integer.BYTES * (1 + d));
    }
    return announced;
  }

  private static IdxFile read(String name, InputStream in, int dimensions) throws IOException {
    long[] announced = header(name, in, dimensions);
    int total = product(name, announced);
    // Grows as bytes arrive: a damaged header must not allocate what the file doesn't hold.
    byte[] values = in.readNBytes(total);
    if (values.length < total) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s: truncated after %d values; its header announces %s = %d",
              name,
              values.length,
              times(announced),
              total));
    }
    long trailing = in.transferTo(OutputStream.nullOutputStream());
    refuseTrailing(name, trailing, "after the " + total + " values that its header announces");
    return new IdxFile(name, Arrays.stream(announced).mapToInt(Math::toIntExact).toArray(), values);
  }

  private static int product(String name, long[] announced) {
    long total = 1;
    for (long extent : announced) {
      if (extent == 0) {
        throw new DatasetException(
            name + ": dimensions " + times(announced) + "; each must be at least 1");
      }
      // Neither factor passes 32 bits, so that the product fits.
      total *= extent;
      if (total > LARGEST_ARRAY) {
        throw new DatasetException(
            String.format(
                Locale.ROOT,
                "%s: dimensions %s; at most %d values are allowed",
                name,
                times(announced),
                LARGEST_ARRAY));
      }
    }
    return (int) total;
  }

  private static void refuseTrailing(String name, long bytes, String where) {
    if (bytes > 0) {
      throw new DatasetException(
          String.format(Locale.ROOT, "%s: %d trailing bytes %s; must be 0", name, bytes, where));
    }
  }

  private static long unsignedInt(byte[] bytes, int offset) {
    long value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[offset + i]);
    }
    return value;
  }

  static String times(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }

  /** {@link GZIPInputStream} silently drops bytes after its data; this one can count them. */
  private static final class Gunzip extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    Gunzip(byte[] content) throws IOException {
      // A buffer for the whole, so that what is left lies in the inflater, where it can be counted.
      super(new ByteArrayInputStream(content), content.length);
    }

    /** To be called at the end of the stream: the inflater stands before the last trailer. */
    int bytesAfterLastMember() {
      return inf.getRemaining() - TRAILER_BYTES;
    }
  }
}
