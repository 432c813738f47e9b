package org.grlu.datasets;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Grey images of one shape, each with a label. Images stay bytes: MNIST's 60,000 are 47 MB so, and
 * four times that as floats.
 */
public final class LabelledImages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int rows;
  private final int columns;
  private final byte[] pixels; // size x rows x columns, unsigned
  private final byte[] labels; // size, unsigned

  /** Made when first asked for, in each JVM anew. */
  private transient volatile InkedPixels inked;

  /**
   * Takes both arrays over, without a copy.
   *
   * @param rows height of an image in pixels, at least 1
   * @param columns width of an image in pixels, at least 1
   * @param pixels {@code (labels.length x rows x columns)}, row-major, unsigned
   * @param labels one unsigned byte per image; may be empty
   * @throws IllegalArgumentException if the sizes don't agree
   */
  public LabelledImages(int rows, int columns, byte[] pixels, byte[] labels) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "images of " + rows + " x " + columns + " pixels; both sides must be at least 1");
    }
    // Divided, not multiplied: a product of three ints can overflow a long.
    long perImage = (long) rows * columns;
    if (pixels.length % perImage != 0 || pixels.length / perImage != labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d pixels for %d labels; must be %d x %d pixels for each label",
              pixels.length,
              labels.length,
              rows,
              columns));
    }
    // Without an image nothing above bounds the shape.
    if (perImage > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "images of %d x %d pixels; must be at most %d pixels",
              rows,
              columns,
              Integer.MAX_VALUE));
    }
    this.rows = rows;
    this.columns = columns;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The number of images, which may be 0. */
  public int size() {
    return labels.length;
  }

  /** The height of an image in pixels. */
  public int rows() {
    return rows;
  }

  /** The width of an image in pixels. */
  public int columns() {
    return columns;
  }

  public int pixelsPerImage() {
    return rows * columns;
  }

  /**
   * All pixels, {@code (size x rows x columns)}, row-major, unsigned: image i starts at {@code i *
   * pixelsPerImage()}. The array itself, not a copy: not to be modified.
   */
  public byte[] pixels() {
    return pixels;
  }

  /**
   * The pixels that are not 0, for whoever skips the others; three bytes each, shared by all users
   * of these images.
   */
  public InkedPixels inked() {
    InkedPixels known = inked;
    if (known == null) {
      synchronized (this) {
        known = inked;
        if (known == null) {
          known = new InkedPixels(pixels, size(), pixelsPerImage());
          inked = known;
        }
      }
    }
    return known;
  }

  /**
   * The label of an image, 0 to 255.
   *
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int index) {
    return Byte.toUnsignedInt(labels[Objects.checkIndex(index, labels.length)]);
  }

  /** The classes below a number of which there is no image, in their order. */
  List<Integer> absent(int classes) {
    boolean[] seen = new boolean[classes];
    for (int i = 0; i < size(); i++) {
      seen[label(i)] = true;
    }
    return IntStream.range(0, classes).filter(label -> !seen[label]).boxed().toList();
  }

  /**
   * A copy of the images from {@code from}, inclusive, to {@code to}, exclusive.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= size()}
   */
  public LabelledImages slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    int perImage = pixelsPerImage();
    return new LabelledImages(
        rows,
        columns,
        Arrays.copyOfRange(pixels, from * perImage, to * perImage),
        Arrays.copyOfRange(labels, from, to));
  }

  byte[] labels() {
    return labels;
  }
}
