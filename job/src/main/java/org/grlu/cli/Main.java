package org.grlu.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.grlu.config.ConfigException;
import org.grlu.datasets.DataUnavailableException;
import org.grlu.datasets.DatasetException;
import org.grlu.features.FeatureException;
import org.grlu.network.ModelFileException;
import org.grlu.reports.HadoopFiles;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleException;
import org.grlu.store.Provenance;
import org.grlu.store.RunException;
import org.grlu.training.MetricException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

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
      SweepCommand.class,
      PlanCommand.class,
      VerifyCommand.class,
      FeaturesCommand.class,
      EncodeCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ExportCommand.class,
      DataCommand.class,
      ConfigCommand.class,
      RulesCommand.class,
      ReportCommand.class,
      BestCommand.class,
      ShowCommand.class,
      BenchCommand.class,
      CompletionCommand.class
    })
public final class Main implements Runnable {
  private static final List<String> KERNELS = List.of("auto", "simd", "scalar");

  /** Whether the process was told to end, and Spark ends under the command. */
  private static volatile boolean ending;

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
    // whatever formats a number or changes case, libraries too, does so alike on every machine
    Locale.setDefault(Locale.ROOT);
    StandardError.install();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true));
    int code = run(arguments);
    Terminal.end();
    Deployment.end(code);
  }

  /** The command with all that belongs to it. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    command.setUsageHelpWidth(80);
    // a value that begins with @ is no file of arguments
    command.setExpandAtFiles(false);
    command.setParameterExceptionHandler(Main::explain);
    command.setExecutionExceptionHandler(Main::explain);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    // the start script has to find the configuration among the arguments, as they stand
    command.setExpandAtFiles(false);
    for (CommandLine each : command.getSubcommands().values()) {
      each.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
      each.getCommandSpec().usageMessage().exitCodeList(ExitCode.TEXT);
    }
    command.getCommandSpec().usageMessage().exitCodeList(ExitCode.TEXT);
    command
        .getSubcommands()
        .get("config")
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_FOOTER, ConfigCommand::rules);
    return command;
  }

  static int run(String... arguments) {
    String kernels = System.getProperty("grlu.kernels", "auto");
    if (!KERNELS.contains(kernels)) {
      System.err.printf("grlu: -Dgrlu.kernels=%s: must be one of %s%n", kernels, KERNELS);
      return ExitCode.BAD_INPUT;
    }
    try {
      Surroundings.checkArguments(List.of(arguments));
      Surroundings.nameUser();
      RuleCatalogue.current();
      return commandLine().execute(arguments);
    } catch (CommandException | RuleException e) {
      return explain(e);
    } catch (Error e) {
      // picocli hands on exceptions only
      return explain(e);
    } finally {
      SparkStart.stopAhead();
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  private static int explain(ParameterException e, String[] arguments) {
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      message =
          (e.getCommandLine().getParent() == null ? "there is no command " : "too many arguments: ")
              + String.join(" ", unmatched.getUnmatched());
    }
    System.err.printf(
        "grlu: %s (see %s --help)%n", message, e.getCommandLine().getCommandSpec().qualifiedName());
    return ExitCode.BAD_INPUT;
  }

  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    return explain(e);
  }

  private static int explain(Throwable e) {
    if (Surroundings.isOfJvm(e)) {
      return say(ExitCode.SURROUNDINGS, Surroundings.wrongJvm());
    }
    if (e instanceof CommandException failure) {
      return say(failure.exitCode(), e.getMessage());
    }
    if (e instanceof ConfigException
        || e instanceof DatasetException
        || e instanceof FeatureException
        || e instanceof MetricException
        || e instanceof ModelFileException
        || e instanceof RuleException
        || e instanceof RunException) {
      return say(ExitCode.BAD_INPUT, e.getMessage());
    }
    if (e instanceof DataUnavailableException) {
      return say(ExitCode.SURROUNDINGS, e.getMessage());
    }
    log(e);
    if (ending) {
      // what that broke is not news, and the signal has set the exit code
      return ExitCode.INTERRUPTED;
    }
    if (e instanceof LinkageError && Surroundings.libraryFault() != null) {
      return say(ExitCode.SURROUNDINGS, Surroundings.libraryFault());
    }
    // Spark, Hadoop and the sweep wrap what the file system, the network or another thread said
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return say(
            ExitCode.SURROUNDINGS,
            firstLine(cause.getMessage())
                + ": not enough memory; --conf spark.driver.memory=8g, say, gives the driver more");
      }
      if (cause instanceof InvalidPathException path && !Surroundings.isName(path.getInput())) {
        return say(ExitCode.SURROUNDINGS, Surroundings.unnameable(path.getInput()));
      }
      if (cause instanceof IOException && !(cause instanceof ObjectStreamException)) {
        return say(ExitCode.SURROUNDINGS, words((IOException) cause));
      }
    }
    String log = System.getenv("GRLU_LOG_FILE");
    return say(
        ExitCode.UNEXPECTED,
        "unexpected error: "
            + firstLine(e.toString())
            + (log == null ? "" : " (log: " + log + ")"));
  }

  /** To the log file, or to that of a container; the terminal gets no stack trace. */
  private static void log(Throwable e) {
    if (System.getenv("GRLU_LOG_FILE") != null || Deployment.inCluster()) {
      LoggerFactory.getLogger(Main.class).error("the command failed", e);
    }
  }

  private static String words(IOException e) {
    boolean speaks =
        e.getClass() == IOException.class
            || e instanceof FileNotFoundException
            || e instanceof FileSystemException
            || e instanceof UnsupportedFileSystemException;
    return (speaks ? "" : e.getClass().getSimpleName() + ": ") + HadoopFiles.words(e);
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  private static int say(int code, String message) {
    String.valueOf(message).lines().forEach(line -> System.err.println("grlu: " + line));
    return code;
  }
}
