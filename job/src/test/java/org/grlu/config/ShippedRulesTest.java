package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The configurations in {@code conf/rules}, each of the rule that its name says. */
class ShippedRulesTest {
  @Test
  void eachIsOfItsRuleAndHoldsTheNoise() throws IOException {
    List<Path> files;
    try (Stream<Path> folder = Files.list(Path.of("../conf/rules"))) {
      files = folder.sorted().toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Settings settings = ConfigReader.read(file, List.of());
      assertThat(file).hasFileName(settings.text("rule.name") + ".conf");
      if (settings.meansSomething("training.noise-scale.max")) {
        assertThat(settings.number("training.noise-scale.max"))
            .as("noise scale in %s", file)
            .isPositive()
            .isEqualTo(settings.number("training.noise-scale.min"));
      }
    }
  }
}
