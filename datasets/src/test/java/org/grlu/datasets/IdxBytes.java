package org.grlu.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small IDX files, right and wrong. */
final class IdxBytes {
  static final int IMAGES = 0x0803;
  static final int LABELS = 0x0801;
  static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  private IdxBytes() {}

  /** Magic number and dimensions as given, then the values. */
  static byte[] idx(int magic, int[] shape, byte[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + values.length).putInt(magic);
    for (int extent : shape) {
      buffer.putInt(extent);
    }
    return buffer.put(values).array();
  }

  /** Images whose pixels count up, beginning with {@code first}. */
  static byte[] images(int count, int rows, int columns, int first) {
    byte[] pixels = new byte[count * rows * columns];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (first + i);
    }
    return idx(IMAGES, new int[] {count, rows, columns}, pixels);
  }

  static byte[] labels(int... labels) {
    byte[] values = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      values[i] = (byte) labels[i];
    }
    return idx(LABELS, new int[] {labels.length}, values);
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Five training images of 2 x 3 pixels and two test images, three classes. */
  static void writeGood(Path folder) throws IOException {
    Files.write(folder.resolve(TRAIN_IMAGES), images(5, 2, 3, 0));
    Files.write(folder.resolve(TRAIN_LABELS), labels(0, 1, 2, 1, 0));
    Files.write(folder.resolve(TEST_IMAGES), images(2, 2, 3, 200));
    Files.write(folder.resolve(TEST_LABELS), labels(2, 0));
  }
}
