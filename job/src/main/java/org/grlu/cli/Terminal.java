package org.grlu.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * A line of progress on standard error: rewritten in place on a terminal, appended every half
 * minute elsewhere. The start script says which it is (GRLU_COLUMNS), since a JVM can tell only
 * whether both input and output are terminals.
 */
final class Terminal {
  private static final long APPEND_NANOS = 30_000_000_000L;

  private final PrintStream err;
  private final int columns;
  private int shown;
  private long appended = System.nanoTime();

  Terminal() {
    this(System.err, columns(System.getenv("GRLU_COLUMNS")));
  }

  /** A width of 0 is no terminal. */
  Terminal(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  /**
   * Closes standard error and waits until the start script's filter of it has passed everything on,
   * so that whoever waits for this process has seen it all. Nothing is printed after.
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  static void end() {
    String filter = System.getenv("GRLU_FILTER");
    if (filter == null || !filter.matches("\\d{1,9}")) {
      return;
    }
    System.err.flush();
    try (var closed = new FileOutputStream(FileDescriptor.err)) {
      closed.flush();
    } catch (IOException e) {
      return;
    }
    ProcessHandle.of(Long.parseLong(filter))
        .ifPresent(process -> process.onExit().completeOnTimeout(null, 2, TimeUnit.SECONDS).join());
  }

  private static int columns(String text) {
    return text != null && text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
  }

  /** Shows a line in the place of the last one. */
  synchronized void rewrite(String line) {
    if (columns > 0) {
      String cut = line.length() < columns ? line : line.substring(0, columns - 1);
      err.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
      shown = cut.length();
      err.flush();
    } else if (System.nanoTime() - appended > APPEND_NANOS) {
      appended = System.nanoTime();
      err.println(line);
    }
  }

  /** Prints a line that stays. */
  synchronized void say(String line) {
    clear();
    err.println(line);
  }

  /** Removes the line, before something else is printed. */
  synchronized void clear() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }
}
