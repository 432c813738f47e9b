package org.grlu.run;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.ReportIndex;
import org.grlu.reports.RunFolder;
import org.grlu.reports.SweepReport;
import org.grlu.store.Recurring;

/**
 * A sweep's table of settings and its page: made anew now and then while it runs, in a thread of
 * their own, so that a page that is slow or can't be drawn holds up nothing else; and at the end.
 */
final class SweepPages {
  private static final long PERIOD_MILLIS = 60_000;
  private static final long PATIENCE_MILLIS = 2000;

  private final String shown;
  private final Drawing drawing;
  private final long periodMillis;
  private final Consumer<String> said;
  private Recurring thread;
  private boolean told;

  /** Makes both from the sweep's tables alone. */
  interface Drawing {
    /** What the tables lack, in a line; empty where they are whole. */
    Optional<String> draw() throws IOException;
  }

  /**
   * @param said gets a line where a page can't be drawn, once
   */
  SweepPages(RunFolder folder, Consumer<String> said) {
    this(folder.shown(), () -> draw(folder), PERIOD_MILLIS, said);
  }

  SweepPages(String shown, Drawing drawing, long periodMillis, Consumer<String> said) {
    this.shown = shown;
    this.drawing = drawing;
    this.periodMillis = periodMillis;
    this.said = said;
  }

  private static Optional<String> draw(RunFolder folder) throws IOException {
    SweepReport report = SweepReport.of(folder);
    report.writeSettings();
    report.writePage();
    Optional<String> reports = folder.parent().flatMap(RunFolder::parent).map(RunFolder::shown);
    if (reports.isPresent()) {
      // that it can't be written is said when the sweep is over
      ReportIndex.renew(reports.get(), HadoopFiles.configuration());
    }
    return report.missingEpochs();
  }

  /** From now on pages are drawn now and then. */
  void begin() {
    thread = new Recurring("sweep-pages", periodMillis, this::another);
  }

  private void another() {
    try {
      drawing.draw();
    } catch (Throwable e) {
      // an Error too, for want of memory, say: the trials go on without a page
      System.getLogger(SweepPages.class.getName())
          .log(System.Logger.Level.WARNING, "the page is not up to date", e);
      if (!told) {
        told = true;
        said.accept("%s: the page is not up to date: %s".formatted(shown, words(e)));
      }
    }
  }

  private static String words(Throwable e) {
    return e instanceof IOException io ? HadoopFiles.words(io) : e.toString();
  }

  /** Draws no more; a page that is being drawn has a moment to be finished. */
  void end() {
    if (thread != null) {
      thread.end(PATIENCE_MILLIS);
    }
  }

  /**
   * Draws the last one, when the one that is being drawn is finished, and says what the tables
   * lack.
   *
   * @throws IOException where it can't be written, or what it is made from can't be read
   * @throws IllegalStateException where it can't be drawn
   */
  void last() throws IOException {
    if (thread != null) {
      thread.end(0);
    }
    String line = "%s: the report can't be made: %s; what ended is in the tables";
    try {
      drawing.draw().ifPresent(said);
    } catch (IOException e) {
      throw new IOException(line.formatted(shown, words(e)), e);
    } catch (RuntimeException e) {
      throw new IllegalStateException(line.formatted(shown, words(e)), e);
    }
  }
}
