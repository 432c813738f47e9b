package org.grlu.cli;

import java.util.List;
import java.util.concurrent.Callable;
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
    System.out.print(
        configuration.holdsSweep()
            ? configuration.sweep(List.of()).render()
            : configuration.read(List.of()).render());
    return ExitCode.DONE;
  }
}
