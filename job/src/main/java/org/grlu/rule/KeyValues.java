package org.grlu.rule;

import java.util.Locale;

/**
 * The checked values of a configuration's keys. The typed methods throw a ClassCastException if the
 * key has another type.
 */
@FunctionalInterface
public interface KeyValues {
  /**
   * Returns the value of a key, with the type that the key says.
   *
   * @param path the key's path without the leading {@code grlu.}
   */
  Object value(String path);

  /** Returns the value of a string key. */
  default String text(String path) {
    return (String) value(path);
  }

  /** Returns the value of a key that is true or false. */
  default boolean flag(String path) {
    return (boolean) value(path);
  }

  /** Returns the value of a number key. */
  default double number(String path) {
    return (double) value(path);
  }

  /**
   * Returns the value of a whole number key, which must fit an int.
   *
   * @throws ArithmeticException if the value does not fit an int
   */
  default int whole(String path) {
    return Math.toIntExact((long) value(path));
  }

  /**
   * Returns the constant that a word names: top-k names {@code TOP_K}.
   *
   * @throws IllegalArgumentException if the type has no such constant
   */
  default <E extends Enum<E>> E choice(Class<E> type, String path) {
    return Enum.valueOf(type, text(path).toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
