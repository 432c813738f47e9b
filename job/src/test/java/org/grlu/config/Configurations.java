package org.grlu.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Configurations as text. */
final class Configurations {
  private Configurations() {}

  static Settings sets(String... sets) {
    return ConfigReader.read(null, List.of(sets));
  }

  static Settings file(Path folder, String hocon, String... sets) throws IOException {
    return ConfigReader.read(Files.writeString(folder.resolve("c.conf"), hocon), List.of(sets));
  }

  /** The lines that a refusal says. */
  static List<String> faults(String... sets) {
    return catchThrowableOfType(ConfigException.class, () -> sets(sets))
        .getMessage()
        .lines()
        .toList();
  }
}
