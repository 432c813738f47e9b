package org.grlu.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.grlu.rule.Key;

/** Reads values of keys from HOCON, and collects their faults. */
final class KeyReader {
  static final String ROOT = "grlu";

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");

  private final List<String> faults = new ArrayList<>();

  /** Returns the faults so far, one line each. The reader adds to this list as it reads. */
  List<String> faults() {
    return faults;
  }

  /**
   * Returns the value that the user gave for a path, which may be a HOCON null. Returns null where
   * there is none, or where a part of the path is not an object. That part is reported elsewhere.
   */
  static ConfigValue given(Config user, String path) {
    ConfigValue value = user.root();
    for (String word : ConfigUtil.splitPath(path)) {
      value = value instanceof ConfigObject object ? object.get(word) : null;
    }
    return value;
  }

  /**
   * Returns the value where it is allowed; else adds a fault and returns null. Returns null without
   * a fault where the value is null, because that was reported already.
   */
  Object check(Key key, ConfigValue value) {
    if (value == null) {
      return null;
    }
    Object converted;
    try {
      converted = convert(key, value);
    } catch (IllegalArgumentException e) {
      faults.add("%s (%s): %s".formatted(key.path(), origin(value), e.getMessage()));
      return null;
    }
    if (converted != null && key.check().test(converted)) {
      return converted;
    }
    fault(key.path(), value, key.expected());
    return null;
  }

  /** Adds a fault that names a key, its value, its origin, and what is allowed. */
  void fault(String path, ConfigValue value, String mustBe) {
    faults.add(
        "%s = %s (%s): must be %s".formatted(path, value.unwrapped(), origin(value), mustBe));
  }

  /**
   * Visits the configuration keys in an object, whether nested or with dots in their names. Adds a
   * fault for anything else.
   *
   * @param where the place of the object, for messages
   */
  void flatten(String where, ConfigObject object, BiConsumer<Key, ConfigValue> visitor) {
    flatten(where, "", object, visitor);
  }

  private void flatten(
      String where, String prefix, ConfigObject object, BiConsumer<Key, ConfigValue> visitor) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      String path = ParameterReader.path(prefix + entry.getKey());
      Key key = Keys.BY_PATH.get(path);
      if (key != null) {
        visitor.accept(key, entry.getValue());
      } else if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
        flatten(where, path.equals(ROOT) ? "" : path + ".", inner, visitor);
      } else {
        faults.add(
            "%s: %s (%s): there is no such key; the nearest is %s"
                .formatted(where, path, origin(entry.getValue()), Keys.nearest(path)));
      }
    }
  }

  /**
   * Returns the value in its key's type, or null. Numbers and flags may be strings, because
   * environment variables and property files have strings alone.
   */
  static Object convert(Key key, ConfigValue value) {
    return switch (key.type()) {
      case STRING -> value.unwrapped() instanceof String s ? s : null;
      case WHOLE -> whole(value);
      case NUMBER -> {
        Number number = number(value);
        yield number == null ? null : (Object) number.doubleValue();
      }
      case FLAG -> flag(value);
      case WHOLES -> list(value, KeyReader::whole);
      case LAYERS -> layers(value);
      case STRINGS -> list(value, v -> v.unwrapped() instanceof String s ? s : null);
    };
  }

  /** Returns widths, or lines as {@link LayerList} has them. */
  private static List<Object> layers(ConfigValue value) {
    boolean ofLayers =
        value instanceof ConfigList list && list.stream().anyMatch(ConfigObject.class::isInstance);
    if (ofLayers) {
      return List.copyOf(LayerList.lines((ConfigList) value));
    }
    List<Object> widths = list(value, KeyReader::whole);
    return widths != null && widths.isEmpty() ? null : widths;
  }

  private static Boolean flag(ConfigValue value) {
    return switch (String.valueOf(value.unwrapped()).strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  /** Returns the number that a value holds, also inside quotes; null where it holds none. */
  static Number number(ConfigValue value) {
    if (value.unwrapped() instanceof String text && NUMBER.matcher(text.strip()).matches()) {
      String digits = text.strip();
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException e) {
        return Double.valueOf(digits); // a fraction or an exponent, or too large for a long
      }
    }
    return value.unwrapped() instanceof Number number ? number : null;
  }

  private static Long whole(ConfigValue value) {
    Number number = number(value);
    if (number instanceof Integer || number instanceof Long) {
      return number.longValue();
    }
    return number instanceof Double d && d == Math.rint(d) && Math.abs(d) < 0x1p53
        ? (Long) d.longValue()
        : null;
  }

  private static List<Object> list(
      ConfigValue value, java.util.function.Function<ConfigValue, Object> element) {
    if (!(value instanceof ConfigList elements)) {
      return null;
    }
    List<Object> out = new ArrayList<>();
    for (ConfigValue e : elements) {
      Object converted = element.apply(e);
      if (converted == null) {
        return null;
      }
      out.add(converted);
    }
    return List.copyOf(out);
  }

  /** Returns where a value comes from: "--set", or a file and its line. */
  static String origin(ConfigValue value) {
    String description = value.origin().description();
    return description.startsWith(Settings.SET) ? Settings.SET : description;
  }
}
