package org.grlu.datasets;

/**
 * The pixels of images that are not 0, image after image: four fifths of MNIST are. Image i's are
 * entries {@code start(i)} to {@code start(i + 1)}. Arrays are the object's own, not to be
 * modified.
 */
public final class InkedPixels {
  private static final int CACHE_LINE = 64;

  private final int[] start;
  private final char[] position;
  private final byte[] level;
  private final int[] sum;
  private final long[] squares;

  InkedPixels(byte[] pixels, int images, int perImage) {
    start = new int[images + 1];
    sum = new int[images];
    squares = new long[images];
    int count = 0;
    for (byte pixel : pixels) {
      count += pixel == 0 ? 0 : 1;
    }
    position = new char[count];
    level = new byte[count];
    int entry = 0;
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < perImage; i++) {
        byte pixel = pixels[image * perImage + i];
        if (pixel != 0) {
          position[entry] = (char) i;
          level[entry++] = pixel;
          int grey = Byte.toUnsignedInt(pixel);
          sum[image] += grey;
          squares[image] += (long) grey * grey;
        }
      }
      start[image + 1] = entry;
    }
  }

  /** Image {@code i}'s first entry. */
  public int start(int i) {
    return start[i];
  }

  /** By entry: the pixel's number in its image. */
  public char[] position() {
    return position;
  }

  /** By entry: the pixel's grey level, unsigned. */
  public byte[] level() {
    return level;
  }

  /** The sum of image {@code i}'s grey levels. */
  public int sum(int i) {
    return sum[i];
  }

  /** The sum of their squares. */
  public long squares(int i) {
    return squares[i];
  }

  /**
   * Reads something of each cache line of an image, so that memory brings it while others are
   * worked on: training goes through images in random order.
   *
   * @return nothing of use; to be kept somewhere, or a compiler leaves the reading out
   */
  public int touch(int i) {
    int seen = sum[i];
    for (int k = start[i]; k < start[i + 1]; k += CACHE_LINE / Character.BYTES) {
      seen += position[k] + level[k];
    }
    return seen;
  }
}
