package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.grlu.config.ConfigReader;
import org.junit.jupiter.api.Test;

class DataSourceTest {
  /** The first five digits of the sample are 5, 0, 4, 1 and 9. */
  @Test
  void aTrainingSetThatLacksClassesIsRemarkedOnInOneLine() {
    assertThat(said("dataset.train-examples=5"))
        .containsExactly(
            "dataset mnist-sample: no example of classes 2, 3, 6, 7, 8 in the training set");
    assertThat(said()).isEmpty();
  }

  private static List<String> said(String... sets) {
    List<String> all = new ArrayList<>(List.of(sets));
    all.addAll(List.of("dataset.name=mnist-sample", "network.layers=[784, 4, 10]"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      DataSource.load(ConfigReader.read(null, all), new Terminal());
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
