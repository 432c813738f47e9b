package org.grlu.cli;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.grlu.datasets.LabelledImages;
import org.grlu.reports.HadoopFiles;

/**
 * A larger dataset made of one: a folder of IDX files, in which each training image comes several
 * times, first as it is, then shifted by some pixels at random, what is left free having no ink.
 * One image after another is written. The folder has its name when it is whole.
 */
final class ShiftedCopies {
  private static final int UNSIGNED_BYTES = 0x08;

  private final int copies;
  private final int shift;
  private final SplittableRandom random;

  /**
   * @param copies of each training image
   * @param shift pixels up or down, and left or right, at most
   */
  ShiftedCopies(int copies, int shift, long seed) {
    this.copies = copies;
    this.shift = shift;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Writes the folder.
   *
   * @param train of bytes, in a plane
   * @param test written as it is
   * @throws IOException where it can't be written, or is there already
   */
  void write(String folder, LabelledImages train, LabelledImages test) throws IOException {
    Path given = HadoopFiles.path(folder);
    FileSystem files = HadoopFiles.of(given, HadoopFiles.configuration());
    Path target = files.makeQualified(given);
    if (files.exists(target)) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--out %s: is there already; must be a new folder".formatted(folder));
    }
    Path temporary =
        new Path(target.getParent(), ".%s.%s".formatted(target.getName(), UUID.randomUUID()));
    try {
      write(files, temporary, "train", train, copies);
      write(files, temporary, "t10k", test, 1);
      if (!files.rename(temporary, target)) {
        throw new IOException(folder + ": the folder can't be made; permission denied, say");
      }
    } finally {
      files.delete(temporary, true);
    }
  }

  private void write(FileSystem files, Path folder, String set, LabelledImages images, int times)
      throws IOException {
    int count = Math.multiplyExact(images.size(), times);
    int plane = images.pixelsPerImage();
    boolean coloured = images.channels() > 1;
    String idx = coloured ? "idx4" : "idx3";
    try (DataOutputStream out =
        files.create(new Path(folder, set + "-images-" + idx + "-ubyte"), false)) {
      out.writeInt(UNSIGNED_BYTES << 8 | (coloured ? 4 : 3));
      out.writeInt(count);
      out.writeInt(images.rows());
      out.writeInt(images.columns());
      if (coloured) {
        out.writeInt(images.channels());
      }
      byte[] image = new byte[plane];
      for (int time = 0; time < times; time++) {
        for (int i = 0; i < images.size(); i++) {
          shifted(images, i, time == 0 ? 0 : pixels(), time == 0 ? 0 : pixels(), image);
          out.write(image);
        }
      }
    }
    try (DataOutputStream out = files.create(new Path(folder, set + "-labels-idx1-ubyte"), false)) {
      out.writeInt(UNSIGNED_BYTES << 8 | 1);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeByte(images.label(i % images.size()));
      }
    }
  }

  private int pixels() {
    return random.nextInt(-shift, shift + 1);
  }

  /** Writes an image into {@code out}, its pixels some rows lower and some columns to the right. */
  static void shifted(LabelledImages images, int number, int down, int right, byte[] out) {
    int rows = images.rows();
    int columns = images.columns();
    int channels = images.channels();
    Arrays.fill(out, (byte) 0);
    int wide = columns - Math.abs(right);
    for (int row = Math.max(0, down); row < Math.min(rows, rows + down) && wide > 0; row++) {
      int from = ((row - down) * columns + Math.max(0, -right)) * channels;
      int to = (row * columns + Math.max(0, right)) * channels;
      System.arraycopy(images.pixels(), number * out.length + from, out, to, wide * channels);
    }
  }
}
