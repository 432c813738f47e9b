package org.grlu.datasets;

import java.io.IOException;
import java.util.regex.Pattern;

/** Messages that stay on one line, whatever a server, a program or a path puts into them. */
final class OneLine {
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");

  /** What a server at the other end appends to a message. */
  private static final Pattern STACK_TRACE = Pattern.compile("\\R\\s+at .*", Pattern.DOTALL);

  private OneLine() {}

  static String of(String text) {
    return BREAKS.matcher(text).replaceAll(" ").strip();
  }

  /** The kind of failure and its message: java.nio's messages are often no more than a path. */
  static String of(IOException failure) {
    String kind = failure.getClass().getSimpleName();
    String message = failure.getMessage();
    return of(message == null ? kind : kind + ": " + STACK_TRACE.matcher(message).replaceFirst(""));
  }
}
