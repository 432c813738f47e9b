package org.grlu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.grlu.datasets.npy.NpyHeader;

/**
 * Small sets of vectors that can be learned: example i is of class i mod 3, feature i mod 3 high.
 */
public final class Vectors {
  public static final int FEATURES = 4;
  public static final int CLASSES = 3;

  private Vectors() {}

  /** Example {@code i}. */
  public static double[] features(int i) {
    double[] x = {0.1 * (i % 10), -1, 0.5, 0};
    x[i % CLASSES] += 4;
    return x;
  }

  /** Counted from 1. */
  public static int label(int i) {
    return 1 + i % CLASSES;
  }

  /** So many of them as an .npz file. */
  public static byte[] archive(int count) throws IOException {
    ByteBuffer x =
        ByteBuffer.allocate(count * FEATURES * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer y = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      for (double value : features(i)) {
        x.putDouble(value);
      }
      y.putLong(label(i));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(NpyHeader.bytes("<f8", List.of(count, FEATURES)));
      zip.write(x.array());
      zip.putNextEntry(new ZipEntry("y.npy"));
      zip.write(NpyHeader.bytes("<i8", List.of(count)));
      zip.write(y.array());
    }
    return bytes.toByteArray();
  }
}
