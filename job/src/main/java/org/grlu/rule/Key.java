package org.grlu.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A configuration key. It says which values are allowed, when the key has an effect, and whether it
 * is part of a trial's identity. A value is a Long, a Double, a String, a Boolean, or a List of
 * Long or String.
 *
 * @param path the key's path without the leading {@code grlu.}
 * @param type the type of the value
 * @param allowed the allowed values in words for error messages, such as "at least 1"
 * @param check returns whether a value of the right type is allowed
 * @param identifies whether the value changes a trial's result
 * @param onlyIf the values that other keys must have for this key to have an effect, by their paths
 * @param standard the default value; null if {@code reference.conf} has it
 * @param sentence the meaning of the key; null if {@code reference.conf} states it
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

  /** The types of values, both in configurations and in tables. */
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

  /** Creates a key of {@code reference.conf} that always has an effect. */
  public Key(String path, Type type, String allowed, Predicate<Object> check, boolean identifies) {
    this(path, type, allowed, check, identifies, Map.of(), null, null);
  }

  /** Returns a key for a whole number from {@code least} to {@code most}. */
  public static Key whole(String path, long least, long most) {
    String range =
        most == Long.MAX_VALUE
            ? "at least " + least
            : String.format(Locale.ROOT, "%d to %d", least, most);
    return new Key(path, Type.WHOLE, range, v -> (long) v >= least && (long) v <= most, true);
  }

  /** Returns a key for a finite number. */
  public static Key number(String path, String allowed, Predicate<Double> check) {
    return new Key(
        path,
        Type.NUMBER,
        allowed,
        v -> Double.isFinite((double) v) && check.test((double) v),
        true);
  }

  /** Returns a key for one of some words. */
  public static Key choice(String path, String... words) {
    List<String> list = List.of(words);
    return new Key(path, Type.STRING, String.join(" or ", list), list::contains, true);
  }

  /** Returns a key for true or false. */
  public static Key flag(String path) {
    return new Key(path, Type.FLAG, "", v -> true, true);
  }

  /** Returns a key for a string. */
  public static Key text(String path, String allowed, Predicate<String> check) {
    return new Key(path, Type.STRING, allowed, v -> check.test((String) v), true);
  }

  /** Returns a copy of this key whose value does not change a trial's result. */
  public Key apart() {
    return new Key(path, type, allowed, check, false, onlyIf, standard, sentence);
  }

  /**
   * Returns a copy of this key with the further condition that another key has one of these values.
   * The copy has no effect if the condition does not hold.
   */
  public Key onlyIf(String other, Object... values) {
    Map<String, List<Object>> all = new LinkedHashMap<>(onlyIf);
    all.put(other, List.of(values));
    return new Key(path, type, allowed, check, identifies, all, standard, sentence);
  }

  /**
   * Returns a copy of this key with a default and a meaning, for a rule whose keys are not in
   * {@code reference.conf}.
   *
   * @param value the default: a Long or Integer, a Double, a String or a Boolean, as the key's type
   *     demands
   * @param meaning the meaning of the key
   */
  public Key with(Object value, String meaning) {
    Object typed = value instanceof Integer i ? (Object) i.longValue() : value;
    return new Key(path, type, allowed, check, identifies, onlyIf, typed, meaning);
  }

  /** Returns whether the key has an effect, given the values of all keys. */
  public boolean meansSomething(KeyValues values) {
    for (Map.Entry<String, List<Object>> condition : onlyIf.entrySet()) {
      if (!condition.getValue().contains(values.value(condition.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the value is a list. */
  public boolean isList() {
    return type == Type.WHOLES || type == Type.LAYERS || type == Type.STRINGS;
  }

  /** Returns whether a value has the key's type and is allowed. */
  boolean allows(Object value) {
    return type.values.isInstance(value) && check.test(value);
  }

  /** Returns the allowed values in words, such as "a whole number, at least 1". */
  public String expected() {
    return allowed.isEmpty() ? type.words : type.words + ", " + allowed;
  }
}
