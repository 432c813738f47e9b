package org.grlu.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The home directory that ~ stands for, where a shell has not put it there already. */
public final class Home {
  private Home() {}

  /**
   * A path or URI with the home directory for a leading ~.
   *
   * @param name of the key or option, for errors
   * @throws ConfigException where it is ~user
   * @throws UncheckedIOException where there is no home directory here
   */
  public static String expand(String name, String given) {
    return expand(name, given, System.getProperty("user.home"), System.getenv("HOME"));
  }

  /**
   * @param property what the JVM knows: "?" for a user without an entry among the machine's
   * @param variable what a shell goes by; null where it is not set
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

  /** Whether it begins with ~user, which only a shell can look up. */
  static boolean isOfAnother(String given) {
    return given.startsWith("~") && !given.equals("~") && !given.startsWith("~/");
  }
}
