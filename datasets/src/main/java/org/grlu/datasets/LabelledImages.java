package org.grlu.datasets;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Images of one shape, each with a label; a vector of features is an image of one row. Values are
 * bytes, pixels, or floats, features. Images of bytes stay so: MNIST's 60,000 are 47 MB, and four
 * times that as floats. Codes are floats that are computed of other images, in each JVM anew: only
 * those images travel.
 */
public final class LabelledImages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int rows;
  private final int columns;
  private final int channels;
  private final boolean floats;
  private final byte[] pixels; // size x rows x columns x channels, unsigned; null of floats
  private final float[] features; // the same of floats; null of bytes; both null of others' memory
  private final byte[] labels; // size, unsigned
  private final LabelledImages encoded; // whose codes these are; null of other values
  private final ImageCode code;

  /** Made when first asked for, in each JVM anew. */
  private transient volatile InkedPixels inked;

  /** The same of codes. */
  private transient volatile Codes codes;

  /**
   * Grey images. Takes both arrays over, without a copy.
   *
   * @param rows height of an image in pixels, at least 1
   * @param columns width of an image in pixels, at least 1
   * @param pixels {@code (labels.length x rows x columns)}, row-major, unsigned
   * @param labels one unsigned byte per image; may be empty
   * @throws IllegalArgumentException if the sizes don't agree
   */
  public LabelledImages(int rows, int columns, byte[] pixels, byte[] labels) {
    this(rows, columns, 1, pixels, labels);
  }

  /**
   * Images of bytes. Takes both arrays over, without a copy.
   *
   * @param pixels {@code (labels.length x rows x columns x channels)}, unsigned
   * @param labels one unsigned byte per image; may be empty
   * @throws IllegalArgumentException if the sizes don't agree
   */
  public LabelledImages(int rows, int columns, int channels, byte[] pixels, byte[] labels) {
    this(rows, columns, channels, false, pixels, null, labels, null, null);
    checkSize(pixels.length);
  }

  private LabelledImages(
      int rows,
      int columns,
      int channels,
      boolean floats,
      byte[] pixels,
      float[] features,
      byte[] labels,
      LabelledImages encoded,
      ImageCode code) {
    this.rows = rows;
    this.columns = columns;
    this.channels = channels;
    this.floats = floats;
    this.pixels = pixels;
    this.features = features;
    this.labels = labels;
    this.encoded = encoded;
    this.code = code;
  }

  /** The codes of some images, with their labels. */
  public static LabelledImages ofCodes(LabelledImages images, ImageCode code) {
    return ofCodes(images, code, 1);
  }

  /**
   * The same of some images that come several times.
   *
   * @param code is asked for {@code times} as many images as there are
   */
  public static LabelledImages ofCodes(LabelledImages images, ImageCode code, int times) {
    byte[] labels = new byte[Math.multiplyExact(images.size(), times)];
    for (int t = 0; t < times; t++) {
      System.arraycopy(images.labels, 0, labels, t * images.size(), images.size());
    }
    return new LabelledImages(1, code.size(), 1, true, null, null, labels, images, code);
  }

  /**
   * Images of floats, or vectors, where there is one row. Takes both arrays over, without a copy.
   *
   * @param features {@code (labels.length x rows x columns x channels)}, finite
   * @param labels one unsigned byte per image; may be empty
   * @throws IllegalArgumentException if the sizes don't agree
   */
  public static LabelledImages ofFloats(
      int rows, int columns, int channels, float[] features, byte[] labels) {
    LabelledImages images =
        new LabelledImages(rows, columns, channels, true, null, features, labels, null, null);
    images.checkSize(features.length);
    return images;
  }

  /**
   * Images whose values are in the memory of others, and not here: of these there are labels alone.
   *
   * @param floats whether values are floats, rather than bytes
   * @param labels one unsigned byte per image; may be empty. Taken over, without a copy
   */
  public static LabelledImages elsewhere(
      int rows, int columns, int channels, boolean floats, byte[] labels) {
    return new LabelledImages(rows, columns, channels, floats, null, null, labels, null, null);
  }

  private boolean areElsewhere() {
    return pixels == null && features == null && code == null;
  }

  private void refuseElsewhere() {
    if (areElsewhere()) {
      throw new IllegalStateException("values are in the memory of others");
    }
  }

  private void checkSize(int values) {
    String sides = rows + " x " + columns + (channels == 1 ? "" : " x " + channels);
    if (rows < 1 || columns < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "images of " + sides + " pixels; both sides must be at least 1");
    }
    // Divided, not multiplied: a product of three ints can overflow a long.
    long plane = (long) rows * columns;
    boolean tooLarge = plane > Integer.MAX_VALUE / channels;
    if (!tooLarge
        && (values % (plane * channels) != 0 || values / (plane * channels) != labels.length)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d pixels for %d labels; must be %s pixels for each label",
              values,
              labels.length,
              sides));
    }
    // Without an image nothing above bounds the shape.
    if (tooLarge) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "images of %s pixels; must be at most %d pixels",
              sides,
              Integer.MAX_VALUE));
    }
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

  /** Values of a pixel: 1 of a grey image, 3 of a coloured one. */
  public int channels() {
    return channels;
  }

  /** All values of an image, over its channels too. */
  public int pixelsPerImage() {
    return rows * columns * channels;
  }

  /** Whether values are floats, rather than bytes. */
  public boolean areFloats() {
    return floats;
  }

  /** The same images without what their labels say: all are 0. */
  public LabelledImages unlabelled() {
    byte[] none = new byte[labels.length];
    return new LabelledImages(
        rows, columns, channels, floats, pixels, features, none, encoded, code);
  }

  /**
   * All pixels, {@code (size x rows x columns x channels)}, the last fastest, unsigned: image i
   * starts at {@code i * pixelsPerImage()}. The array itself, not a copy: not to be modified.
   *
   * @throws IllegalStateException if values are floats
   */
  public byte[] pixels() {
    if (areFloats()) {
      throw new IllegalStateException("values are floats");
    }
    refuseElsewhere();
    return pixels;
  }

  /**
   * The same of floats; null where they are codes too many to be kept, and {@link #encode} gives
   * each. Codes are computed where they are not there yet.
   *
   * @throws IllegalStateException if values are bytes
   */
  public float[] features() {
    if (!areFloats()) {
      throw new IllegalStateException("values are bytes");
    }
    refuseElsewhere();
    return code == null ? features : codes().all();
  }

  private Codes codes() {
    Codes known = codes;
    if (known == null) {
      synchronized (this) {
        known = codes;
        if (known == null) {
          known = new Codes(encoded, code, size());
          codes = known;
        }
      }
    }
    return known;
  }

  /**
   * Computes the code of one image.
   *
   * @param out Modified, from its start
   */
  public void encode(int image, float[] out) {
    code.encode(encoded, image, 1, out, 0);
  }

  /**
   * The pixels that are not 0, for whoever skips the others; three bytes each, shared by all users
   * of these images.
   *
   * @throws IllegalStateException if values are floats
   */
  public InkedPixels inked() {
    InkedPixels known = inked;
    if (known == null) {
      synchronized (this) {
        known = inked;
        if (known == null) {
          known = new InkedPixels(pixels(), size(), pixelsPerImage());
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
    if (code != null) {
      return ofCodes(encoded.slice(from, to), code);
    }
    byte[] some = Arrays.copyOfRange(labels, from, to);
    if (areElsewhere()) {
      return elsewhere(rows, columns, channels, floats, some);
    }
    int first = from * perImage;
    int past = to * perImage;
    return areFloats()
        ? ofFloats(rows, columns, channels, Arrays.copyOfRange(features, first, past), some)
        : new LabelledImages(
            rows, columns, channels, Arrays.copyOfRange(pixels, first, past), some);
  }

  /** A copy of the images of some classes, in their order; not of codes too many to be kept. */
  public LabelledImages ofClasses(List<Integer> classes) {
    int[] some = IntStream.range(0, size()).filter(i -> classes.contains(label(i))).toArray();
    int n = pixelsPerImage();
    byte[] kept = new byte[some.length];
    byte[] bytes = areFloats() ? null : new byte[some.length * n];
    float[] floats = areFloats() ? new float[some.length * n] : null;
    for (int i = 0; i < some.length; i++) {
      kept[i] = labels[some[i]];
      if (areFloats()) {
        System.arraycopy(features(), some[i] * n, floats, i * n, n);
      } else {
        System.arraycopy(pixels, some[i] * n, bytes, i * n, n);
      }
    }
    return areFloats()
        ? ofFloats(rows, columns, channels, floats, kept)
        : new LabelledImages(rows, columns, channels, bytes, kept);
  }

  /** The same images with rows as columns. */
  LabelledImages transposed() {
    byte[] turned = areFloats() ? null : new byte[pixels.length];
    float[] turnedFeatures = areFloats() ? new float[features.length] : null;
    int to = 0;
    for (int image = 0; image < size(); image++) {
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          int from = (image * rows * columns + row * columns + column) * channels;
          for (int channel = 0; channel < channels; channel++, to++) {
            if (areFloats()) {
              turnedFeatures[to] = features[from + channel];
            } else {
              turned[to] = pixels[from + channel];
            }
          }
        }
      }
    }
    return new LabelledImages(
        columns, rows, channels, floats, turned, turnedFeatures, labels, null, null);
  }

  byte[] labels() {
    return labels;
  }
}
