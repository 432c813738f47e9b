package org.grlu.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard error for people: stack traces that libraries print go to the log. Scala prints what
 * fails in its futures, and so in Spark's threads while it stops, by {@link
 * Throwable#printStackTrace()}.
 */
final class StandardError extends PrintStream {
  private final Consumer<Throwable> log;

  StandardError(OutputStream out, Consumer<Throwable> log) {
    super(out, true, Charset.defaultCharset());
    this.log = log;
  }

  /** For the whole process, where the start script names a log file. */
  static void install() {
    if (System.getenv("GRLU_LOG_FILE") == null) {
      return;
    }
    System.setErr(
        new StandardError(
            new FileOutputStream(FileDescriptor.err),
            e -> log().warn("a stack trace was printed", e)));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log().error("thread {} ended", thread.getName(), e));
  }

  /** Asked for when there is something to log: it takes a quarter of a second to start. */
  private static Logger log() {
    return LoggerFactory.getLogger(StandardError.class);
  }

  /**
   * Of objects only stack traces come here, line by line: first the exception, then what it says of
   * itself already. Text has a method of its own.
   */
  @Override
  public void println(Object line) {
    if (line instanceof Throwable e) {
      log.accept(e);
    }
  }
}
