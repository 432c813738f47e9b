package org.grlu.cli;

import java.io.IOException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.grlu.config.RowSettings;
import org.grlu.reports.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the configuration that won. */
@Command(
    name = "best",
    description = "Print the configuration of a sweep's best setting as a file that train takes.")
final class BestCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The sweep's folder, or its URI.")
  private String directory;

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "1",
      description = "The N-th of the ranking; the first if left out.")
  private int rank;

  @Override
  public Integer call() throws IOException {
    SweepReport report = ReportCommand.read(directory);
    SweepReport.Winner winner;
    try {
      winner = report.winner(rank);
    } catch (NoSuchElementException e) {
      throw new CommandException(ExitCode.BAD_INPUT, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "--n " + e.getMessage());
    }
    Map<String, Object> trial = winner.trial();
    winner.said().forEach(line -> System.out.println("# " + line));
    System.out.println("# trial " + trial.get("trial_id"));
    System.out.println("grlu {");
    // where and how a sweep ran is no part of what won
    new RowSettings(trial)
        .changed().stream()
            .filter(line -> !line.startsWith("report.") && !line.startsWith("engine."))
            .forEach(line -> System.out.println("  " + line));
    System.out.println("}");
    return ExitCode.DONE;
  }
}
