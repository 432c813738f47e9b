package org.grlu.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.config.SweepFile;
import org.grlu.run.FrozenFeatures;
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
    return remarked(open(more).trial());
  }

  /** For a command that takes both a trial and a sweep. */
  ConfigReader open(List<String> more) {
    return ConfigReader.open(file, all(more)).withFeatures(FrozenFeatures::file);
  }

  /** Says where the file sets nothing: a name that was confused, say, or a key in a comment. */
  Settings remarked(Settings settings) {
    if (!settings.setByFile()) {
      System.err.printf(
          "%s sets nothing: the defaults are used%s%n",
          file, sets.isEmpty() ? "" : ", but for --set");
    }
    return settings;
  }

  SweepFile sweep(List<String> more) {
    return open(more).sweep();
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
