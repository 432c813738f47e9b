package org.grlu.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.grlu.config.Home;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a sweep, or one run, found. */
@Command(
    name = "report",
    description =
        "Make a page of a sweep's tables, or print its ranking; also while the sweep runs. Or make"
            + " the page of one run again.")
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
      description = "The sweep's or the run's folder, or its URI.")
  private String directory;

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

  @Override
  public Integer call() throws IOException {
    Optional<RunPage> run = RunPage.of(folder(Home.expand("DIR", directory)));
    return run.isPresent() ? ofRun(run.get()) : ofSweep(read(directory));
  }

  private int ofRun(RunPage run) throws IOException {
    if (format != Format.HTML) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          directory + ": is the folder of one run, of which there is no ranking");
    }
    if (out == null) {
      System.out.println(run.write());
    } else {
      write(run.html());
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
      throw new CommandException(ExitCode.BAD_INPUT, "DIR " + directory + ": is no path or URI");
    }
  }
}
