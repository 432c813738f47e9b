package org.grlu.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.grlu.config.ConfigException;
import org.grlu.datasets.DataUnavailableException;
import org.grlu.datasets.DatasetException;
import org.grlu.network.ModelFileException;
import org.grlu.spark.Provenance;
import org.grlu.spark.RunException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code grlu}. */
@Command(
    name = "grlu",
    description = "Trains neural networks without backpropagation: Global Reward, Local Updates.",
    synopsisHeading = "Usage: ",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      DataCommand.class,
      ConfigCommand.class
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Version and commit. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"grlu " + Provenance.codeVersion()};
    }
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine command = new CommandLine(new Main());
    command.setUsageHelpWidth(80);
    command.setParameterExceptionHandler(Main::explain);
    command.setExecutionExceptionHandler(Main::explain);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    for (CommandLine each : command.getSubcommands().values()) {
      each.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
      each.getCommandSpec().usageMessage().exitCodeList(ExitCode.TEXT);
    }
    command.getCommandSpec().usageMessage().exitCodeList(ExitCode.TEXT);
    return command.execute(arguments);
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  private static int explain(ParameterException e, String[] arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("grlu: " + e.getMessage());
    err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.BAD_INPUT;
  }

  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    int code = code(e);
    String message = e.getMessage();
    if (code == ExitCode.UNEXPECTED) {
      message = "unexpected error: " + e;
      System.getLogger(Main.class.getName()).log(System.Logger.Level.ERROR, "unexpected", e);
    } else if (e instanceof IOException) {
      message = e.getClass().getSimpleName() + ": " + message;
    }
    String.valueOf(message).lines().forEach(line -> command.getErr().println("grlu: " + line));
    return code;
  }

  private static int code(Exception e) {
    if (e instanceof CommandException failure) {
      return failure.exitCode();
    }
    if (e instanceof ConfigException
        || e instanceof DatasetException
        || e instanceof ModelFileException
        || e instanceof RunException) {
      return ExitCode.BAD_INPUT;
    }
    return e instanceof DataUnavailableException || e instanceof IOException
        ? ExitCode.SURROUNDINGS
        : ExitCode.UNEXPECTED;
  }
}
