package org.grlu.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grlu.config.RowSettings;
import org.grlu.reports.TaskFigure;
import org.grlu.reports.TaskMatrix;
import org.grlu.reports.TrialSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints all that is known of a trial. */
@Command(
    name = "show",
    description = "Print a trial's configuration, curve, costs, origin, and failure in full.")
final class ShowCommand implements Callable<Integer> {
  private static final int ROWS = 20;

  @Parameters(
      index = "0",
      paramLabel = "TRIAL",
      description = "Its id, or as many of the first digits as no other trial has.")
  private String trial;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "The report directory, or one run's or sweep's folder in it.")
  private String directory;

  @Option(
      names = "--all",
      description = "Print every epoch: without it at most " + ROWS + ", spread evenly.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    TrialSearch.Found found = TrialLookup.find(trial, directory);
    Map<String, Object> row = found.row();
    System.out.println("trial      " + row.get("trial_id"));
    line("status", row.get("status"));
    line("sweep", row.get("sweep"));
    line("setting", row.get("setting_id"));
    line("rung", row.get("rung"));
    line("report", found.folder());
    RowSettings settings = new RowSettings(row);
    section("configuration", settings.changed());
    EpochCurve.lines(found.epochs(), all ? Integer.MAX_VALUE : ROWS).forEach(System.out::println);
    section("tasks, one after another", tasks(found));
    section("estimates against the gradient", DiagnosisLines.of(found.epochs(), all));
    costs(row);
    origin(row);
    section("keys with their defaults", settings.unchanged());
    if (row.get("failure") != null) {
      section(
          "failure",
          row.get("failure").toString().lines().map(line -> line.replace("\t", "  ")).toList());
    }
    return ExitCode.DONE;
  }

  private static void line(String name, Object value) {
    if (value != null) {
      System.out.printf("%-10s %s%n", name, value);
    }
  }

  private static void section(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      System.out.printf("%n%s%n", title);
      lines.forEach(line -> System.out.println("  " + line));
    }
  }

  /** Of a stream with tasks: four figures, and the accuracies on each task after each. */
  private static List<String> tasks(TrialSearch.Found found) {
    List<String> lines = new ArrayList<>();
    String figures = TaskFigure.line(found.row());
    if (!figures.isEmpty()) {
      lines.add(figures);
    }
    lines.addAll(TaskMatrix.of(found.epochs()).lines());
    return lines;
  }

  private static void costs(Map<String, Object> row) {
    section(
        "costs",
        List.of(
            String.format(
                Locale.ROOT,
                "%,d epochs, %,d forward passes",
                (Integer) row.get("epochs_done"),
                (Long) row.get("forward_passes")),
            String.format(
                Locale.ROOT,
                "%.1f CPU seconds, %.1f wall seconds",
                EpochCurve.number(row, "cpu_seconds"),
                EpochCurve.number(row, "wall_seconds"))));
  }

  private static void origin(Map<String, Object> row) {
    List<String> lines = new ArrayList<>();
    lines.add("%s to %s".formatted(row.get("started_at"), row.get("finished_at")));
    lines.add("code %s".formatted(row.get("code_version")));
    lines.add("Java %s, Spark %s".formatted(row.get("java_version"), row.get("spark_version")));
    lines.add("kernels %s, host %s".formatted(row.get("kernels"), row.get("host")));
    lines.add("dataset " + row.get("dataset_sha256"));
    if (row.get("weights_sha256") != null) {
      lines.add("weights " + row.get("weights_sha256"));
    }
    section("origin", lines);
  }
}
