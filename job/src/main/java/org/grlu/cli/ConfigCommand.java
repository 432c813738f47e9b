package org.grlu.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grlu.config.ConfigReader;
import org.grlu.rule.Key;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the resolved configuration. */
@Command(
    name = "config",
    description = "Print a configuration as it resolves, each value with where it came from.")
final class ConfigCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    ConfigReader reader = configuration.open(List.of());
    System.out.print(
        reader.holdsSweep()
            ? reader.sweep().render()
            : configuration.remarked(reader.trial()).render());
    return ExitCode.DONE;
  }

  /** For the help: the rules there are, and the keys of those that {@code reference.conf} lacks. */
  static String rules(CommandLine.Help help) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (RuleEntry rule : RuleCatalogue.current().rules()) {
      rows.put("  " + rule.name(), rule.sentence());
      for (Key key : rule.keys()) {
        if (key.sentence() != null) {
          rows.put(
              "  " + key.path(),
              "%s (%s; default %s)".formatted(key.sentence(), key.expected(), key.standard()));
        }
      }
    }
    return "%nRules (rule.name):%n".formatted() + help.createTextTable(rows);
  }
}
