package org.grlu.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A configuration key: what its value may be, and whether it is part of a trial's identity.
 *
 * @param path without the leading {@code grlu.}
 * @param type of the value
 * @param allowed in words, for errors: "at least 1"
 * @param check whether a value of the right type is allowed
 * @param identifies whether the value changes a trial's result
 */
record Key(String path, Type type, String allowed, Predicate<Object> check, boolean identifies) {

  /** Types of values, as they are read and as they stand in tables. */
  enum Type {
    STRING("a string"),
    WHOLE("a whole number"),
    NUMBER("a number"),
    FLAG("true or false"),
    WHOLES("a list of whole numbers"),
    STRINGS("a list of strings");

    private final String words;

    Type(String words) {
      this.words = words;
    }
  }

  static Key whole(String path, long least, long most) {
    String range =
        most == Long.MAX_VALUE
            ? "at least " + least
            : String.format(Locale.ROOT, "%d to %d", least, most);
    return new Key(path, Type.WHOLE, range, v -> (long) v >= least && (long) v <= most, true);
  }

  static Key number(String path, String allowed, Predicate<Double> check) {
    return new Key(
        path,
        Type.NUMBER,
        allowed,
        v -> Double.isFinite((double) v) && check.test((double) v),
        true);
  }

  static Key choice(String path, String... words) {
    List<String> list = List.of(words);
    return new Key(path, Type.STRING, String.join(" or ", list), list::contains, true);
  }

  static Key flag(String path) {
    return new Key(path, Type.FLAG, "", v -> true, true);
  }

  static Key text(String path, String allowed, Predicate<String> check) {
    return new Key(path, Type.STRING, allowed, v -> check.test((String) v), true);
  }

  /** A path or URI, in which ~ may stand for the home directory. */
  static Key path(String path, String allowed, Predicate<String> check) {
    String home = "~ only as ~ or ~/..., your home directory";
    return text(
        path,
        allowed.isEmpty() ? home : allowed + ", " + home,
        v -> check.test(v) && !Home.isOfAnother(v));
  }

  /** The same key, for a value that does not change a trial's result. */
  Key apart() {
    return new Key(path, type, allowed, check, false);
  }

  boolean isList() {
    return type == Type.WHOLES || type == Type.STRINGS;
  }

  /** "a whole number, at least 1". */
  String expected() {
    return allowed.isEmpty() ? type.words : type.words + ", " + allowed;
  }
}
