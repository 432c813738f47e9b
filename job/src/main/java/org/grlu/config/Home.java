package org.grlu.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Replaces ~ by the home directory, where no shell has done so. */
public final class Home {
  private Home() {}

  /**
   * Returns a path or URI with the home directory in place of a leading ~.
   *
   * @param name the name of the key or option, for messages
   * @param given the path or URI as it was written
   * @throws ConfigException where the path begins with ~user
   * @throws UncheckedIOException where the home directory is unknown
   */
  public static String expand(String name, String given) {
    return expand(name, given, System.getProperty("user.home"), System.getenv("HOME"));
  }

  /**
   * @param property the home directory that the JVM knows; "?" for a user whom the machine does not
   *     know
   * @param variable the home directory that shells use; null where it is not set
   */
  static String expand(String name, String given, String property, String variable) {
    if (!given.startsWith("~")) {
      return given;
    }
    if (isOfAnother(given)) {
      throw new ConfigException(
          List.of(
              "%s %s: must be written in full: ~ is only your own home directory, as ~ or ~/..."
                  .formatted(name, given)));
    }
    String home = isNone(property) ? variable : property;
    if (isNone(home)) {
      throw new UncheckedIOException(
          new IOException(
              "%s %s: there is no home directory here: set HOME, or write the path in full"
                  .formatted(name, given)));
    }
    return home + given.substring(1);
  }

  private static boolean isNone(String home) {
    return home == null || home.isBlank() || home.equals("?");
  }

  /** Returns whether a path begins with ~user, which only a shell can look up. */
  static boolean isOfAnother(String given) {
    return given.startsWith("~") && !given.equals("~") && !given.startsWith("~/");
  }
}
