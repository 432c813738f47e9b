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

/** Reads values of keys out of HOCON, and gathers what is wrong with them. */
final class KeyReader {
  static final String ROOT = "grlu";

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");

  private final List<String> faults = new ArrayList<>();

  /** What was wrong so far, a line each. Modified by the reader as it reads. */
  List<String> faults() {
    return faults;
  }

  /**
   * What the user gave, null among it; null where a part of the path is no object: a fault already.
   */
  static ConfigValue given(Config user, String path) {
    ConfigValue value = user.root();
    for (String word : ConfigUtil.splitPath(path)) {
      value = value instanceof ConfigObject object ? object.get(word) : null;
    }
    return value;
  }

  /** The value if it is allowed, else null and a fault; null for null, which has its fault. */
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

  void fault(String path, ConfigValue value, String mustBe) {
    faults.add(
        "%s = %s (%s): must be %s".formatted(path, value.unwrapped(), origin(value), mustBe));
  }

  /**
   * Visits the configuration keys of an object, nested or with dots in their names; a fault for
   * each other.
   *
   * @param where the object stands, for errors
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
   * The value in its key's type, or null. Numbers and flags may be written as strings, which they
   * are where they come from an environment variable or a file of properties.
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

  /** Widths, or the lines of {@link LayerList}. */
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

  /** A number, as it is or as HOCON would have it without the quotes; null where it is none. */
  static Number number(ConfigValue value) {
    if (value.unwrapped() instanceof String text && NUMBER.matcher(text.strip()).matches()) {
      String digits = text.strip();
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException e) {
        return Double.valueOf(digits); // with a fraction or an exponent, or too large
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

  static String origin(ConfigValue value) {
    String description = value.origin().description();
    return description.startsWith(Settings.SET) ? Settings.SET : description;
  }
}
