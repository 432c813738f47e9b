package org.grlu.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.grlu.config.ConfigReader;
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
}
