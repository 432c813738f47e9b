package org.grlu.datasets;

import java.io.IOException;
import java.util.regex.Pattern;

/** Messages that stay on one line, whatever a server, a program or a path puts into them. */
final class OneLine {
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");

  private OneLine() {}

  static String of(String text) {
    return BREAKS.matcher(text).replaceAll(" ").strip();
  }

  /** The kind of failure and its message: java.nio's messages are often no more than a path. */
  static String of(IOException failure) {
    String kind = failure.getClass().getSimpleName();
    return of(failure.getMessage() == null ? kind : kind + ": " + failure.getMessage());
  }
}
