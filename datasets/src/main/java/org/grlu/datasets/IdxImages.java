package org.grlu.datasets;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Images of an IDX file one after another, so that nobody need hold all of them. Compressed by gzip
 * or not, as its first bytes say.
 */
public final class IdxImages implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final String name;
  private final InputStream in;
  private final boolean compressed;
  private final int[] shape;

  /**
   * Reads the header.
   *
   * @param name for messages
   * @param file the file's content from its start; closed with this
   * @param dimensions how many the file must have, 3 or 4
   * @throws DatasetException if it is damaged, or images are too many or too large
   */
  public IdxImages(String name, InputStream file, int dimensions) throws IOException {
    this.name = name;
    BufferedInputStream buffered = new BufferedInputStream(file, BUFFER);
    buffered.mark(BUFFER);
    compressed = IdxFile.isGzip(buffered.readNBytes(2));
    buffered.reset();
    in = compressed ? new GZIPInputStream(buffered, BUFFER) : buffered;
    long[] announced = IdxFile.header(name, in, dimensions);
    long width = 1;
    for (int d = 0; d < dimensions; d++) {
      width = d == 0 ? 1 : width * announced[d];
      if (announced[d] < 1 || announced[d] > IdxFile.LARGEST_ARRAY || width > 1 << 24) {
        throw new DatasetException(
            String.format(
                Locale.ROOT,
                "%s: dimensions %s; each must be at least 1, and an image at most %d values",
                name,
                IdxFile.times(announced),
                1 << 24));
      }
    }
    shape = Arrays.stream(announced).mapToInt(Math::toIntExact).toArray();
  }

  /** Whether it is compressed: it can't be read from anywhere but its start then. */
  public boolean isCompressed() {
    return compressed;
  }

  /** How many images there are. */
  public int count() {
    return shape[0];
  }

  /** Images of that shape, none of them. */
  public LabelledImages form() {
    return LabelledImages.elsewhere(
        shape[1], shape[2], shape.length == 4 ? shape[3] : 1, false, new byte[0]);
  }

  /** Passes over some images. */
  public void skip(int images) throws IOException {
    in.skipNBytes((long) images * form().pixelsPerImage());
  }

  /**
   * The next images' pixels.
   *
   * @throws DatasetException if the file ends before them
   */
  public byte[] next(int images) throws IOException {
    int length = Math.multiplyExact(images, form().pixelsPerImage());
    byte[] pixels = in.readNBytes(length);
    if (pixels.length < length) {
      throw new DatasetException(
          name + ": truncated; its header announces " + shape[0] + " images");
    }
    return pixels;
  }

  /**
   * After the last image.
   *
   * @throws DatasetException if anything follows
   */
  public void end() throws IOException {
    if (in.read() >= 0) {
      throw new DatasetException(name + ": trailing bytes after its " + shape[0] + " images");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
