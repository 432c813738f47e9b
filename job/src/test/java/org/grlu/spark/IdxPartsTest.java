package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.Folder;
import org.grlu.datasets.FolderOptions;
import org.grlu.datasets.IdxSet;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX files read in partitions: the examples that are read as a whole. */
class IdxPartsTest {
  private static final Dataset DIGITS = Datasets.sample();
  private static JavaSparkContext spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = new JavaSparkContext(new SparkConf().setAppName("idx").set("spark.master", "local[2]"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private void write(String set, LabelledImages images, int count, boolean gzip)
      throws IOException {
    int plane = images.pixelsPerImage();
    ByteBuffer pixels = ByteBuffer.allocate(16 + count * plane);
    pixels.putInt(0x803).putInt(count).putInt(images.rows()).putInt(images.columns());
    pixels.put(images.pixels(), 0, count * plane);
    Files.write(folder.resolve(set + "-images-idx3-ubyte"), packed(pixels.array(), gzip));
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) images.label(i));
    }
    Files.write(folder.resolve(set + "-labels-idx1-ubyte"), packed(labels.array(), gzip));
  }

  private static byte[] packed(byte[] content, boolean gzip) throws IOException {
    if (!gzip) {
      return content;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private IdxSet set(boolean train) {
    return IdxSet.of(Folder.local(folder), FolderOptions.AS_IS, train);
  }

  private PartitionedDataset read(long partBytes) {
    return PartitionedDataset.idx(spark, "digits", set(true), set(false), 0, partBytes);
  }

  @Test
  void compressedOrNotExamplesAreThoseThatAreReadAsAWhole() throws IOException {
    for (boolean gzip : new boolean[] {false, true}) {
      write("train", DIGITS.train(), 700, gzip);
      write("t10k", DIGITS.test(), 300, gzip);
      Dataset whole = Datasets.read("digits", folder);
      try (PartitionedDataset parts = read(100_000)) {
        assertThat(parts.train().layout().parts()).isGreaterThan(3);
        assertThat(parts.dataset().sha256()).as("gzip " + gzip).isEqualTo(whole.sha256());
        assertThat(parts.dataset().classes()).isEqualTo(10);
        assertThat(parts.dataset().train().rows()).isEqualTo(28);
      }
    }
  }

  @Test
  void filesThatAreDamagedAreRefused() throws IOException {
    for (boolean gzip : new boolean[] {false, true}) {
      write("train", DIGITS.train(), 70, gzip);
      write("t10k", DIGITS.test(), 30, gzip);
      Path images = folder.resolve("t10k-images-idx3-ubyte");
      byte[] whole = packed(DIGITS.test().pixels(), false);
      ByteBuffer damaged = ByteBuffer.allocate(16 + 29 * 784).putInt(0x803).putInt(30);
      damaged.putInt(28).putInt(28).put(whole, 0, 29 * 784);
      Files.write(images, packed(damaged.array(), gzip));
      assertThatThrownBy(() -> read(100_000))
          .isInstanceOf(DatasetException.class)
          .hasMessage(images + ": truncated; its header announces 30 images");
      byte[] longer = Arrays.copyOf(damaged.array(), 17 + 30 * 784);
      Files.write(images, packed(longer, gzip));
      assertThatThrownBy(() -> read(100_000))
          .isInstanceOf(DatasetException.class)
          .hasMessage(images + ": trailing bytes after its 30 images");
    }
    Files.delete(folder.resolve("train-images-idx3-ubyte"));
    assertThatThrownBy(() -> set(true))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("file missing; must hold one of train-images-idx3-ubyte, ");
  }
}
