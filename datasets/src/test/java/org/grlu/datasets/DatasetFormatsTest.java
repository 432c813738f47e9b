package org.grlu.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.grlu.datasets.IdxBytes.TEST_IMAGES;
import static org.grlu.datasets.IdxBytes.TEST_LABELS;
import static org.grlu.datasets.IdxBytes.TRAIN_IMAGES;
import static org.grlu.datasets.IdxBytes.TRAIN_LABELS;
import static org.grlu.datasets.NpyBytes.archive;
import static org.grlu.datasets.NpyBytes.array;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder may hold besides four IDX files of grey images, and how it may lie. */
class DatasetFormatsTest {
  /** Of 3 training vectors (0.5, -1), (2, 0), (0.25, 3) of classes 0, 1, 1 and one of test. */
  private static final String VECTORS =
      "be31e8be2e18feaf8629ba5a8bee824ae6e4d98c99fd7ce0d79ff3c6b5545ab3";

  private static final double[] TRAIN = {0.5, -1, 2, 0, 0.25, 3};

  @TempDir Path folder;

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private void writeVectors(String type, String labelType) throws IOException {
    write("train-features.npy", array(type, List.of(3, 2), TRAIN));
    write("train-labels.npy", array(labelType, List.of(3), 0, 1, 1));
    write("test-features.npy", array(type, List.of(1, 2), 7, -8));
    write("test-labels.npy", array(labelType, List.of(1), 1));
  }

  /** The six files of EMNIST's that a folder of its splits has; images on their side. */
  @Test
  void readsEmnistAsItIs() throws IOException {
    IdxBytes.writeGood(folder);
    Dataset upright = Datasets.read("d", folder);
    for (String set : List.of("train", "test")) {
      LabelledImages images = set.equals("train") ? upright.train() : upright.test();
      byte[] onSide = new byte[images.pixels().length];
      byte[] labels = new byte[images.size()];
      for (int i = 0; i < onSide.length; i++) {
        // pixel (row, column) of 2 x 3 stands at (column, row)
        int inside = i % 6;
        onSide[i - inside + inside % 3 * 2 + inside / 3] = images.pixels()[i];
      }
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (byte) (images.label(i) + 1);
      }
      String stem = "emnist-letters-" + set;
      write(
          stem + "-images-idx3-ubyte.gz",
          IdxBytes.gzip(IdxBytes.idx(IdxBytes.IMAGES, new int[] {images.size(), 3, 2}, onSide)));
      write(
          stem + "-labels-idx1-ubyte.gz",
          IdxBytes.gzip(IdxBytes.idx(IdxBytes.LABELS, new int[] {images.size()}, labels)));
    }
    FolderOptions letters = new FolderOptions("emnist-letters-", true, 1);
    assertThat(Datasets.read("d", Folder.local(folder), letters))
        .usingRecursiveComparison()
        .isEqualTo(upright);
    assertThatThrownBy(
            () ->
                Datasets.read(
                    "d", Folder.local(folder), new FolderOptions("emnist-letters-", true, 2)))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("labels-idx1-ubyte.gz: label 1 of example 0; must be from 2 (dataset")
        .hasMessageEndingWith("to 257");
    assertThatThrownBy(
            () ->
                Datasets.read(
                    "d", Folder.local(folder), new FolderOptions("emnist-digits-", true, 0)))
        .hasMessageContaining("must hold one of emnist-digits-train-images-idx3-ubyte, ");
  }

  @Test
  void transposesEveryChannel() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    LabelledImages images = new LabelledImages(2, 3, 2, pixels, new byte[1]);
    LabelledImages turned = images.transposed();
    assertThat(turned.rows()).isEqualTo(3);
    assertThat(turned.columns()).isEqualTo(2);
    assertThat(turned.pixels()).containsExactly(1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12);
    assertThat(turned.transposed().pixels()).isEqualTo(pixels);
    float[] features = {1, 2, 3, 4, 5, 6};
    assertThat(LabelledImages.ofFloats(2, 3, 1, features, new byte[1]).transposed().features())
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void readsImagesOfThreeChannels() throws IOException {
    byte[] train = new byte[12];
    byte[] test = new byte[6];
    IntStream.range(0, 12).forEach(i -> train[i] = (byte) i);
    IntStream.range(0, 6).forEach(i -> test[i] = (byte) (100 + i));
    write("train-images-idx4-ubyte", IdxBytes.idx(0x0804, new int[] {2, 1, 2, 3}, train));
    write("t10k-images-idx4-ubyte", IdxBytes.idx(0x0804, new int[] {1, 1, 2, 3}, test));
    write(TRAIN_LABELS, IdxBytes.labels(0, 1));
    write(TEST_LABELS, IdxBytes.labels(1));
    Dataset dataset = Datasets.read("d", folder);
    assertThat(dataset.train().channels()).isEqualTo(3);
    assertThat(dataset.pixelsPerImage()).isEqualTo(6);
    assertThat(dataset.train().slice(1, 2).pixels()).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(dataset.sha256())
        .isEqualTo("0e02f7f7da231ddacda64b33532be96d3166074035a9b9d622e88f8a22c7b9ca");

    // the same from NumPy's bytes, of which IDX files would come first
    Files.delete(folder.resolve("train-images-idx4-ubyte"));
    double[] same = IntStream.range(0, 12).asDoubleStream().toArray();
    write("train-images.npy", array("|u1", List.of(2, 1, 2, 3), same));
    assertThat(Datasets.read("d", folder)).usingRecursiveComparison().isEqualTo(dataset);

    write("train-images.npy", array("|u1", List.of(2, 2, 1, 3), same));
    assertThatThrownBy(() -> Datasets.read("d", folder))
        .hasMessageContaining("images of 1 x 2 x 3 pixels; must be 2 x 1 x 3 as in ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<f4 <i8", "<f8 |u1", "<f4 |i1", "<f8 <u2", "<f4 <i2", "<f8 <u4", "<f8 <i4"})
  void readsVectorsOfFloats(String types) throws IOException {
    writeVectors(types.substring(0, 3), types.substring(4));
    Dataset dataset = Datasets.read("d", folder);
    assertThat(dataset.train().areFloats()).isTrue();
    assertThat(dataset.train().features()).containsExactly(0.5f, -1, 2, 0, 0.25f, 3);
    assertThat(dataset.train().rows()).isEqualTo(1);
    assertThat(dataset.train().columns()).isEqualTo(2);
    assertThat(dataset.test().features()).containsExactly(7, -8);
    assertThat(dataset.train().slice(1, 3).features()).containsExactly(2, 0, 0.25f, 3);
    assertThat(dataset.classes()).isEqualTo(2);
    assertThat(dataset.sha256()).isEqualTo(VECTORS);
    assertThatThrownBy(dataset.train()::pixels).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsArchives() throws IOException {
    byte[] train = array("<f4", List.of(3, 2), TRAIN);
    byte[] trainLabels = array("<i8", List.of(3), 0, 1, 1);
    byte[] test = array("<f4", List.of(1, 2), 7, -8);
    byte[] testLabels = array("<i8", List.of(1), 1);
    write("train.npz", archive("x", train, "y", trainLabels, "other", new byte[3]));
    write("test.npz", archive("labels", testLabels, "features", test));
    assertThat(archives("train.npz", "test.npz").sha256()).isEqualTo(VECTORS);
    write(
        "both.npz",
        archive("x_train", train, "y_train", trainLabels, "x_test", test, "y_test", testLabels));
    assertThat(archives("both.npz", "both.npz").sha256()).isEqualTo(VECTORS);

    write("test.npz", archive("x", test));
    assertRefused(
        "test.npz", folder.resolve("test.npz") + ": no array of labels among x.npy; must");
    write("test.npz", Arrays.copyOf(archive("x", test, "y", testLabels), 200));
    assertRefused("test.npz", folder.resolve("test.npz") + ": no .npz file, or one cut off: 200");
    write("test.npz", archive("x", array("<f2", List.of(1, 2)), "y", testLabels));
    assertRefused("test.npz", "array x of " + folder.resolve("test.npz") + ": type <f2; must be");
    assertRefused("nowhere.npz", folder.resolve("nowhere.npz") + ": no such file; must be an .npz");
  }

  private Dataset archives(String train, String test) {
    Folder here = Folder.local(folder);
    return Datasets.readArchives("d", here, train, here, test, FolderOptions.AS_IS);
  }

  private void assertRefused(String test, String complaint) {
    assertThatThrownBy(() -> archives("train.npz", test))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(complaint)
        .message()
        .doesNotContain("\n");
  }

  static Stream<Arguments> wrongArrays() {
    String features = "train-features.npy";
    String labels = "train-labels.npy";
    byte[] good = array("<f4", List.of(3, 2), TRAIN);
    return Stream.of(
        arguments(features, new byte[0], ": 0 bytes are no .npy file"),
        arguments(features, Arrays.copyOf(good, 30), ": cut off within its header"),
        arguments(
            features, Arrays.copyOf(good, good.length - 1), ": 23 bytes of data; must be what"),
        arguments(
            features, Arrays.copyOf(good, good.length + 4), ": 28 bytes of data; must be what"),
        arguments(features, array("<f4", List.of(6), TRAIN), ": shape [6]; must have 2 to 4"),
        arguments(features, array("<f4", List.of(0, 2)), ": shape [0, 2]; must have 2 to 4 dimen"),
        arguments(
            features,
            array("<f4", List.of(65536, 65536, 65536, 65536)),
            ": 0 bytes of data; must be what shape [65536, 65536, 65536, 65536]"),
        arguments(features, array("<i4", List.of(3, 2), TRAIN), ": type <i4; must be |u1, <f4 or"),
        arguments(features, NpyBytes.inFortransOrder(good), ": is in Fortran's order; must be in"),
        arguments(
            features,
            array("<f4", List.of(3, 2), 1, 2, 3, Double.NaN, 5, 6),
            ": value 1 of example 1 is NaN; must be finite as a 32-bit float"),
        arguments(
            features,
            array("<f8", List.of(3, 2), 1, 2, 3, 4, 1e39, 6),
            ": value 0 of example 2 is Infinity; must be finite as a 32-bit float"),
        arguments(features, array("<f4", List.of(3, 1), 1, 2, 3), "vectors of 2 floats; must be 1"),
        arguments(
            features,
            array("<f4", List.of(3, 1, 2), TRAIN),
            "vectors of 2 floats; must be images of 1 x 2 floats as in"),
        arguments(
            features,
            array("|u1", List.of(3, 2), TRAIN),
            "vectors of 2 floats; must be vectors of 2 bytes as in"),
        arguments(
            labels, array("<f4", List.of(3), 0, 1, 1), ": type <f4; must be of whole numbers"),
        arguments(labels, array("<i4", List.of(3, 1), 0, 1, 1), "; must have one dimension, each"),
        arguments(
            labels, array("<i4", List.of(2), 0, 1), "2 labels; must be 3, one for each vector"),
        arguments(labels, array("<i4", List.of(3), 0, 1, 256), ": label 256 of example 2; must be"),
        arguments(labels, array("<i8", List.of(3), 0, -1, 1), ": label -1 of example 1; must be"),
        arguments(labels, array("<u4", List.of(3), 0, 4294967295.0, 1), ": label 4294967295 of"));
  }

  @ParameterizedTest
  @MethodSource("wrongArrays")
  void refusesWrongArrays(String name, byte[] content, String complaint) throws IOException {
    writeVectors("<f4", "<i8");
    write(name, content);
    assertThatThrownBy(() -> Datasets.read("d", folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void vectorsHaveNoSides() throws IOException {
    writeVectors("<f4", "<i8");
    assertThatThrownBy(
            () -> Datasets.read("d", Folder.local(folder), new FolderOptions("", true, 0)))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("dataset.transpose = true: must be false where ");
  }

  /** As it was: what a folder holds besides, an array of NumPy's say, does not count. */
  @Test
  void idxFilesComeFirst() throws IOException {
    IdxBytes.writeGood(folder);
    Dataset plain = Datasets.read("d", folder);
    writeVectors("<f4", "<i8");
    assertThat(Files.exists(folder.resolve(TRAIN_IMAGES))).isTrue();
    assertThat(Files.exists(folder.resolve(TEST_IMAGES))).isTrue();
    assertThat(Datasets.read("d", folder).sha256()).isEqualTo(plain.sha256());
  }
}
