package org.grlu.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.grlu.config.Home;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.reports.Comparison;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.ReportIndex;
import org.grlu.reports.RunComparison;
import org.grlu.reports.RunFolder;
import org.grlu.reports.SweepComparison;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.SweepReport;
import org.grlu.reports.TrialSearch;
import org.grlu.run.TrialRerun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a sweep, a run or a trial found, or what a directory holds. */
@Command(
    name = "report",
    description = {
      "Make the page of a sweep, a run, a trial or a report directory, or of two beside each other.",
      "",
      "A sweep's page shows how it stands while it runs, too; markdown and csv print its ranking. A"
          + " trial is trained again where its weights are not kept. A directory gets an index."
    })
final class ReportCommand implements Callable<Integer> {
  /** What the report is written as. */
  enum Format {
    HTML,
    MARKDOWN,
    CSV
  }

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description =
          "The folder of a sweep or a run, a directory that holds some, or as many of the first"
              + " digits of a trial's id as no other trial has. A path or URI.")
  private String directory;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER",
      description = "Another run's or sweep's folder, to be compared with the first.")
  private String other;

  @Option(
      names = "--in",
      paramLabel = "REPORTS",
      description =
          "Of a trial: the report directory that it is in, or its run's or sweep's folder.")
  private String in;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "html",
      description =
          "html: report.html in the folder, and the table of settings anew unless the sweep runs;"
              + " markdown, csv: the ranking, printed. In CSV an apostrophe stands before text that"
              + " a spreadsheet would take for a formula.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to this file (path or URI) instead.")
  private String out;

  private final Terminal terminal = new Terminal();

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunFolder folder = folder(Home.expand("DIR", directory));
    if (other != null) {
      return ofTwo(folder, folder(Home.expand("OTHER", other)));
    }
    Optional<RunPage> run = RunPage.of(folder, this::images);
    if (run.isPresent()) {
      return ofOne(run.get()::html, run.get()::write, folder);
    }
    if (folder.read(SweepDescription.FILE).isPresent()) {
      int exit = ofSweep(read(directory));
      Index.renewAbove(folder);
      return exit;
    }
    if (!folder.exists() && directory.matches("[0-9a-f]{1,64}")) {
      return ofTrial(TrialLookup.find(directory, in));
    }
    return ofDirectory(folder);
  }

  /** The page of a comparison, beside the first, and the same as lines. */
  private int ofTwo(RunFolder first, RunFolder second) throws IOException {
    pageOnly("compared with another");
    Comparison both = compared(first, second);
    both.lines().forEach(System.out::println);
    if (out != null) {
      write(both.html());
    } else {
      RunFolder beside = first.parent().orElse(first);
      String name = "compare-%s-%s.html".formatted(first.name(), second.name());
      beside.write(name, both.html().getBytes(StandardCharsets.UTF_8));
      System.out.println(beside.shown() + "/" + name);
    }
    return ExitCode.DONE;
  }

  private Comparison compared(RunFolder first, RunFolder second) throws IOException {
    Optional<RunPage> a = RunPage.of(first, settings -> Optional.empty());
    Optional<RunPage> b = RunPage.of(second, settings -> Optional.empty());
    if (a.isPresent() && b.isPresent()) {
      return RunComparison.of(a.get().report(), b.get().report());
    }
    if (a.isPresent() || b.isPresent()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "%s is a run's folder, %s is not: both must be runs or both sweeps"
              .formatted(a.isPresent() ? directory : other, a.isPresent() ? other : directory));
    }
    try {
      return SweepComparison.of(read(directory), read(other));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, e.getMessage());
    }
  }

  private int ofTrial(TrialSearch.Found found) throws IOException, InterruptedException {
    RunFolder folder = folder(found.folder());
    Optional<RunPage> run = RunPage.of(folder, this::images);
    if (run.isPresent()) {
      return ofOne(run.get()::html, run.get()::write, folder);
    }
    try {
      TrialPage page = new TrialPage(found, terminal);
      return ofOne(page::html, page::write, folder);
    } catch (TrialRerun.DifferentWeightsException e) {
      throw new CommandException(ExitCode.TRIALS_FAILED, e.getMessage());
    }
  }

  private int ofDirectory(RunFolder folder) throws IOException {
    pageOnly("a directory");
    if (out != null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--out %s: an index stays in its directory, to which its links are relative"
              .formatted(out));
    }
    String written =
        ReportIndex.write(folder)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.BAD_INPUT,
                        "%s: not a sweep's folder, nor a run's, and holds none"
                            .formatted(directory)));
    System.out.println(written);
    return ExitCode.DONE;
  }

  private void pageOnly(String what) {
    if (format != Format.HTML) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--format %s: %s is %s, of which there is no ranking"
              .formatted(format.name().toLowerCase(Locale.ROOT), directory, what));
    }
  }

  /** A run's images; of data that are spread over executors there are none here. */
  private Optional<Dataset> images(Settings settings) {
    return settings.partitioned()
        ? Optional.empty()
        : Optional.of(DataSource.read(settings, terminal));
  }

  /** A page as text, or where it was written. */
  @FunctionalInterface
  private interface Made {
    String get() throws IOException, InterruptedException;
  }

  private int ofOne(Made html, Made written, RunFolder folder)
      throws IOException, InterruptedException {
    pageOnly("one trial");
    if (out == null) {
      System.out.println(written.get());
      Index.renewAbove(folder);
    } else {
      write(html.get());
    }
    return ExitCode.DONE;
  }

  private int ofSweep(SweepReport report) throws IOException {
    if (format == Format.HTML) {
      report.missingEpochs().ifPresent(System.err::println);
    }
    if (format == Format.HTML && out == null) {
      if (!report.isHeld()) {
        report.writeSettings();
      }
      System.out.println(report.writePage());
      return ExitCode.DONE;
    }
    String text =
        switch (format) {
          case HTML -> report.html();
          case MARKDOWN -> report.markdown();
          case CSV -> report.csv();
        };
    if (out == null) {
      System.out.print(text);
    } else {
      write(text);
    }
    return ExitCode.DONE;
  }

  private void write(String text) throws IOException {
    NamedFile.of("--out", out).write(text.getBytes(StandardCharsets.UTF_8));
    System.out.println(out);
  }

  /** A sweep's report; what is no sweep's folder is bad input. */
  static SweepReport read(String given) throws IOException {
    String directory = Home.expand("DIR", given);
    try {
      return SweepReport.of(folder(directory));
    } catch (FileNotFoundException e) {
      throw new CommandException(ExitCode.BAD_INPUT, e.getMessage());
    }
  }

  private static RunFolder folder(String directory) throws IOException {
    try {
      return RunFolder.at(directory, HadoopFiles.configuration());
    } catch (NoPathException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "DIR " + directory + ": not a path or URI");
    }
  }
}
