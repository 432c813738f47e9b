package org.grlu.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.config.SweepFile;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration file and what overrides it. */
final class ConfigurationOptions {
  /** How values of {@code --set} are read. */
  static final String STRINGS =
      "A string is taken as it stands, or in double quotes as HOCON has it; all else is HOCON.";

  @Parameters(
      index = "0",
      paramLabel = "CONF",
      description = "Configuration, in HOCON. Keys left out have their defaults.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = {
        "Override a key: --set rule.perturbations=1. Repeatable; the last one wins. " + STRINGS
      })
  private List<String> sets = new ArrayList<>();

  Settings read(List<String> more) {
    return ConfigReader.read(file, all(more));
  }

  SweepFile sweep(List<String> more) {
    return ConfigReader.sweep(file, all(more));
  }

  boolean holdsSweep() {
    return ConfigReader.holdsSweep(file, sets);
  }

  private List<String> all(List<String> more) {
    List<String> all = new ArrayList<>(sets);
    all.addAll(more);
    return all;
  }

  /** Those of the command line. */
  List<String> sets() {
    return List.copyOf(sets);
  }

  Path file() {
    return file;
  }
}
