package org.grlu.rule;

import java.util.Locale;

/** Checked values of a configuration's keys. */
@FunctionalInterface
public interface KeyValues {
  /** One value, typed as its key says. */
  Object value(String path);

  default String text(String path) {
    return (String) value(path);
  }

  default boolean flag(String path) {
    return (boolean) value(path);
  }

  default double number(String path) {
    return (double) value(path);
  }

  /** A whole number that its key holds to the range of an int. */
  default int whole(String path) {
    return Math.toIntExact((long) value(path));
  }

  /** A word as the constant it names: top-k as {@code TOP_K}. */
  default <E extends Enum<E>> E choice(Class<E> type, String path) {
    return Enum.valueOf(type, text(path).toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
