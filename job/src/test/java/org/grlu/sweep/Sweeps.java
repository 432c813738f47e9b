package org.grlu.sweep;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grlu.TestData;
import org.grlu.config.ConfigException;
import org.grlu.config.ConfigReader;
import org.grlu.config.SweepFile;

/** Sweeps over the sample, as text. */
final class Sweeps {
  private Sweeps() {}

  static SweepFile file(String sweep, String... sets) {
    try {
      Path file = Files.createTempFile("sweep", ".conf");
      try {
        Files.writeString(file, "grlu.dataset.name = mnist-sample\ngrlu.sweep {" + sweep + "\n}");
        return ConfigReader.sweep(file, List.of(sets));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SweepPlan plan(String sweep, String... sets) {
    return SweepPlan.of(file(sweep, sets), TestData.sample());
  }

  static List<String> faults(String sweep, String... sets) {
    return catchThrowableOfType(ConfigException.class, () -> plan(sweep, sets))
        .getMessage()
        .lines()
        .toList();
  }
}
