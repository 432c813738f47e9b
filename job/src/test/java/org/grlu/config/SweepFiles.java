package org.grlu.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps as tests write them. */
abstract class SweepFiles {
  @TempDir Path folder;

  SweepFile read(String sweep, String... sets) {
    return readFile("a_1-b.conf", "grlu.sweep {\n" + sweep + "\n}", sets);
  }

  SweepFile readFile(String name, String hocon, String... sets) {
    try {
      return ConfigReader.sweep(Files.writeString(folder.resolve(name), hocon), List.of(sets));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  List<String> faults(String sweep, String... sets) {
    return catchThrowableOfType(ConfigException.class, () -> read(sweep, sets))
        .getMessage()
        .lines()
        .toList();
  }

  List<Object> values(String parameters, String... sets) {
    Parameter parameter =
        read("search = random, parameters {" + parameters + "}", sets).sweep().parameters().get(0);
    return ((Space.Listed) parameter.space())
        .choices().stream().map(c -> c.values().get(parameter.path())).toList();
  }
}
