package org.grlu.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A configuration key: what its value may be, when it means something, and whether it is part of a
 * trial's identity. Values are typed: Long, Double, String, Boolean, List of Long or of String.
 *
 * @param path without the leading {@code grlu.}
 * @param type of the value
 * @param allowed in words, for errors: "at least 1"
 * @param check whether a value of the right type is allowed
 * @param identifies whether the value changes a trial's result
 * @param onlyIf the values that other keys must have for this one to mean something, by their paths
 * @param standard its default; null where {@code reference.conf} has it
 * @param sentence what it means; null where {@code reference.conf} says it
 */
public record Key(
    String path,
    Type type,
    String allowed,
    Predicate<Object> check,
    boolean identifies,
    Map<String, List<Object>> onlyIf,
    Object standard,
    String sentence) {

  /** Types of values, as they are read and as they stand in tables. */
  public enum Type {
    STRING("a string", String.class),
    WHOLE("a whole number", Long.class),
    NUMBER("a number", Double.class),
    FLAG("true or false", Boolean.class),
    WHOLES("a list of whole numbers", List.class),
    LAYERS("a list of whole numbers, or of layers", List.class),
    STRINGS("a list of strings", List.class);

    private final String words;
    private final Class<?> values;

    Type(String words, Class<?> values) {
      this.words = words;
      this.values = values;
    }
  }

  public Key {
    onlyIf = Map.copyOf(onlyIf);
  }

  /** A key of {@code reference.conf} that always means something. */
  public Key(String path, Type type, String allowed, Predicate<Object> check, boolean identifies) {
    this(path, type, allowed, check, identifies, Map.of(), null, null);
  }

  public static Key whole(String path, long least, long most) {
    String range =
        most == Long.MAX_VALUE
            ? "at least " + least
            : String.format(Locale.ROOT, "%d to %d", least, most);
    return new Key(path, Type.WHOLE, range, v -> (long) v >= least && (long) v <= most, true);
  }

  /** A finite number. */
  public static Key number(String path, String allowed, Predicate<Double> check) {
    return new Key(
        path,
        Type.NUMBER,
        allowed,
        v -> Double.isFinite((double) v) && check.test((double) v),
        true);
  }

  public static Key choice(String path, String... words) {
    List<String> list = List.of(words);
    return new Key(path, Type.STRING, String.join(" or ", list), list::contains, true);
  }

  public static Key flag(String path) {
    return new Key(path, Type.FLAG, "", v -> true, true);
  }

  public static Key text(String path, String allowed, Predicate<String> check) {
    return new Key(path, Type.STRING, allowed, v -> check.test((String) v), true);
  }

  /** The same key, for a value that does not change a trial's result. */
  public Key apart() {
    return new Key(path, type, allowed, check, false, onlyIf, standard, sentence);
  }

  /** The same key, which means something only where another has one of these values, too. */
  public Key onlyIf(String other, Object... values) {
    Map<String, List<Object>> all = new LinkedHashMap<>(onlyIf);
    all.put(other, List.of(values));
    return new Key(path, type, allowed, check, identifies, all, standard, sentence);
  }

  /**
   * The same key with its default and what it means, for a rule that has no part in {@code
   * reference.conf}.
   *
   * @param value a Long or Integer, Double, String or Boolean, as the key's type is
   */
  public Key with(Object value, String meaning) {
    Object typed = value instanceof Integer i ? (Object) i.longValue() : value;
    return new Key(path, type, allowed, check, identifies, onlyIf, typed, meaning);
  }

  /** Whether the value can change a trial's result where others are as they are. */
  public boolean meansSomething(KeyValues values) {
    for (Map.Entry<String, List<Object>> condition : onlyIf.entrySet()) {
      if (!condition.getValue().contains(values.value(condition.getKey()))) {
        return false;
      }
    }
    return true;
  }

  public boolean isList() {
    return type == Type.WHOLES || type == Type.LAYERS || type == Type.STRINGS;
  }

  /** Whether a value is of its type and allowed. */
  boolean allows(Object value) {
    return type.values.isInstance(value) && check.test(value);
  }

  /** "a whole number, at least 1". */
  public String expected() {
    return allowed.isEmpty() ? type.words : type.words + ", " + allowed;
  }
}
