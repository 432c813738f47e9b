package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.grlu.datasets.IdxBytes.IMAGES;
import static org.grlu.datasets.IdxBytes.LABELS;
import static org.grlu.datasets.IdxBytes.TEST_IMAGES;
import static org.grlu.datasets.IdxBytes.TEST_LABELS;
import static org.grlu.datasets.IdxBytes.TRAIN_IMAGES;
import static org.grlu.datasets.IdxBytes.TRAIN_LABELS;
import static org.grlu.datasets.IdxBytes.gzip;
import static org.grlu.datasets.IdxBytes.idx;
import static org.grlu.datasets.IdxBytes.images;
import static org.grlu.datasets.IdxBytes.labels;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetsTest {
  private static final List<String> NAMES =
      List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

  @TempDir Path folder;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    IdxBytes.writeGood(folder);
  }

  @Test
  void readsPlainFiles() {
    Dataset dataset = Datasets.read("small", folder);
    assertThat(dataset.name()).isEqualTo("small");
    assertThat(dataset.train().size()).isEqualTo(5);
    assertThat(dataset.train().rows()).isEqualTo(2);
    assertThat(dataset.train().columns()).isEqualTo(3);
    assertThat(dataset.pixelsPerImage()).isEqualTo(6);
    assertThat(dataset.train().pixels()).hasSize(30).startsWith(0, 1, 2).endsWith(28, 29);
    assertThat(dataset.train().label(2)).isEqualTo(2);
    assertThat(dataset.validation().size()).isZero();
    assertThat(dataset.test().size()).isEqualTo(2);
    assertThat(dataset.test().pixels()[0]).isEqualTo((byte) 200);
    assertThat(dataset.test().label(1)).isZero();
    assertThat(dataset.classes()).isEqualTo(3);
  }

  @Test
  void readsGzipByNameAndByContentAndDottedNames() throws IOException {
    Dataset plain = Datasets.read("d", folder);
    compress(TRAIN_IMAGES, TRAIN_IMAGES + ".gz");
    compress(TRAIN_LABELS, TRAIN_LABELS);
    compress(TEST_IMAGES, "t10k-images.idx3-ubyte.gz");
    Files.move(folder.resolve(TEST_LABELS), folder.resolve("t10k-labels.idx1-ubyte"));
    assertThat(Datasets.read("d", folder)).usingRecursiveComparison().isEqualTo(plain);
  }

  @Test
  void countsClassesUpTo256() throws IOException {
    Files.write(folder.resolve(TRAIN_LABELS), labels(0, 255, 2, 1, 0));
    Dataset dataset = Datasets.read("d", folder);
    assertThat(dataset.classes()).isEqualTo(256);
    assertThat(dataset.train().label(1)).isEqualTo(255);
  }

  static Stream<Arguments> damagedBytes() {
    byte[] good = images(5, 2, 3, 0);
    byte[] pressed = gzip(good);
    byte[] badChecksum = pressed.clone();
    badChecksum[pressed.length - 8] ^= 1;
    return Stream.of(
        arguments(TRAIN_IMAGES, new byte[0], "0 bytes; must be an IDX file"),
        arguments(TRAIN_IMAGES, gzip(new byte[0]), "truncated after 0 bytes; the header"),
        arguments(TRAIN_IMAGES, Arrays.copyOf(good, 15), "truncated after 15 bytes; the header"),
        arguments(TRAIN_IMAGES, labels(0, 1, 2, 1, 0, 0, 0, 0, 0), "magic number 0x00000801; must"),
        arguments(TRAIN_LABELS, good, "magic number 0x00000803; must be 0x00000801"),
        arguments(TRAIN_IMAGES, Arrays.copyOf(good, 45), "truncated after 29 values; its header"),
        arguments(TRAIN_IMAGES, Arrays.copyOf(good, 48), "2 trailing bytes after the 30 values"),
        arguments(TRAIN_IMAGES, gzip(Arrays.copyOf(good, 45)), "truncated after 29 values"),
        arguments(TRAIN_IMAGES, gzip(Arrays.copyOf(good, 48)), "2 trailing bytes after the 30"),
        arguments(TRAIN_IMAGES, Arrays.copyOf(pressed, pressed.length - 12), "damaged gzip data"),
        arguments(TRAIN_IMAGES, Arrays.copyOf(pressed, pressed.length - 1), "damaged gzip data"),
        arguments(TRAIN_IMAGES, badChecksum, "damaged gzip data"),
        arguments(
            TRAIN_IMAGES,
            Arrays.copyOf(pressed, pressed.length + 1),
            "1 trailing bytes after the compressed data"),
        arguments(
            TRAIN_IMAGES,
            Arrays.copyOf(pressed, pressed.length + 100_000),
            "100000 trailing bytes after the compressed data"));
  }

  static Stream<Arguments> wrongHeadersAndLabels() {
    int huge = 0xffffffff;
    return Stream.of(
        arguments(TRAIN_IMAGES, images(0, 2, 3, 0), "dimensions 0 x 2 x 3; each must be at least"),
        arguments(TEST_IMAGES, images(2, 0, 3, 0), "dimensions 2 x 0 x 3; each must be at least"),
        arguments(
            TRAIN_IMAGES,
            idx(IMAGES, new int[] {huge, huge, huge}, new byte[9]),
            "dimensions 4294967295 x 4294967295 x 4294967295; at most 2147483639 values"),
        arguments(
            TRAIN_IMAGES,
            idx(IMAGES, new int[] {1 << 16, 1 << 8, 1 << 7}, new byte[9]),
            "at most 2147483639 values are allowed"),
        arguments(
            TRAIN_IMAGES,
            idx(IMAGES, new int[] {60_000, 100, 100}, new byte[9]),
            "truncated after 9 values; its header announces 60000 x 100 x 100 = 600000000"),
        arguments(TRAIN_LABELS, labels(0, 1, 2, 1), "4 labels; must be 5, one for each image"),
        arguments(TEST_LABELS, labels(0, 1, 2), "3 labels; must be 2, one for each image"),
        arguments(TEST_IMAGES, images(2, 3, 2, 0), "images of 3 x 2 pixels; must be 2 x 3 as in"),
        arguments(TEST_IMAGES, images(2, 2, 4, 0), "images of 2 x 4 pixels; must be 2 x 3 as in"),
        arguments(TRAIN_LABELS, labels(0, 0, 0, 0, 0), "1 class; must be at least 2"),
        arguments(TRAIN_LABELS, idx(LABELS, new int[] {0}, new byte[0]), "dimensions 0; each must"),
        arguments(TEST_LABELS, labels(1, 9), "label 9 of image 1; must be one that occurs in"));
  }

  @ParameterizedTest
  @MethodSource({"damagedBytes", "wrongHeadersAndLabels"})
  void refusesDamage(String name, byte[] content, String complaint) throws IOException {
    Files.write(folder.resolve(name), content);
    assertThatThrownBy(() -> Datasets.read("d", folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(folder.resolve(name) + ": ")
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesAnUnseenTestLabelBelowTheLargest() throws IOException {
    Files.write(folder.resolve(TRAIN_LABELS), labels(0, 2, 2, 0, 2));
    Files.write(folder.resolve(TEST_LABELS), labels(1, 0));
    assertThatThrownBy(() -> Datasets.read("d", folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("label 1 of image 0");
  }

  @Test
  void readsWhatIsNamedGzipAndIsNot() throws IOException {
    Dataset plain = Datasets.read("d", folder);
    for (String name : NAMES) {
      Files.move(folder.resolve(name), folder.resolve(name + ".gz"));
    }
    assertThat(Datasets.read("d", folder)).usingRecursiveComparison().isEqualTo(plain);
    Path page = Files.writeString(folder.resolve(TRAIN_IMAGES + ".gz"), "<html>not found</html>");
    assertThatThrownBy(() -> Datasets.read("d", folder))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            page + ": magic number 0x3c68746d; must be 0x00000803 (unsigned bytes, 3 dimensions)");
  }

  @Test
  void saysWhichClassHasNoExample() throws IOException {
    assertThat(Datasets.read("d", folder).lacking())
        .contains("dataset d: no example of class 1 in the test set");
    assertThat(Datasets.read("d", folder).cut(1, 2).lacking())
        .contains(
            "dataset d: no example of classes 1, 2 in the training set, nor of class 2 in the"
                + " validation set, nor of class 1 in the test set");
    Files.write(folder.resolve(TRAIN_LABELS), labels(0, 255, 2, 1, 0));
    assertThat(Datasets.read("d", folder).lacking().orElseThrow())
        .startsWith("dataset d: no example of classes 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 242 more")
        .doesNotContain("\n");
    assertThat(Datasets.sample().lacking()).isEmpty();
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    for (String name : NAMES) {
      Path aside = folder.resolve("aside");
      Files.move(folder.resolve(name), aside);
      assertThatThrownBy(() -> Datasets.read("d", folder))
          .isInstanceOf(DatasetException.class)
          .hasMessageStartingWith(folder + ": file missing; must hold one of ")
          .hasMessageContaining(name + ", " + name + ".gz, " + name.replace("-idx", ".idx") + ", ");
      Files.move(aside, folder.resolve(name));
    }
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> Datasets.read("d", nowhere))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(nowhere + ": no such folder");
  }

  @Test
  void messagesStayOnOneLine() {
    Path odd = folder.resolve("two\nlines");
    assertThatThrownBy(() -> Datasets.read("d", odd)).message().doesNotContain("\n");
  }

  @Test
  void sampleIsTheBeginningOfMnist() {
    Dataset sample = Datasets.sample();
    assertThat(sample.name()).isEqualTo("mnist-sample");
    assertThat(sample.train().size()).isEqualTo(2_000);
    assertThat(sample.validation().size()).isZero();
    assertThat(sample.test().size()).isEqualTo(500);
    assertThat(sample.train().rows()).isEqualTo(28);
    assertThat(sample.train().columns()).isEqualTo(28);
    assertThat(sample.classes()).isEqualTo(10);
    assertThat(Stream.of(0, 1, 2, 3).map(sample.train()::label)).containsExactly(5, 0, 4, 1);
    assertThat(Stream.of(0, 1, 2, 3).map(sample.test()::label)).containsExactly(7, 2, 1, 0);
    assertThat(sample.sha256())
        .isEqualTo("ae0e409fc389bd95599ad7922be6c821804cbacd4e234b67f4ca0118f59be295");
  }

  @Test
  void sampleStatesItsOrigin() throws IOException {
    try (var in = Datasets.class.getResourceAsStream("mnist-sample/NOTICE")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains("Yann LeCun", "Corinna Cortes", "Burges", "by-sa/3.0");
    }
  }

  private void compress(String from, String to) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(from));
    Files.delete(folder.resolve(from));
    Files.write(folder.resolve(to), gzip(content));
  }
}
