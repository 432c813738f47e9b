package org.grlu.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a configuration: {@code --set} over the file over {@code reference.conf}. */
public final class ConfigReader {
  private static final String ROOT = "grlu";

  private final List<String> faults = new ArrayList<>();

  private ConfigReader() {}

  /**
   * Reads and checks.
   *
   * @param file a HOCON file; null for the defaults alone
   * @param sets {@code path=value} each, over the file; a later one wins
   * @throws ConfigException with every fault
   */
  public static Settings read(Path file, List<String> sets) {
    return new ConfigReader().settings(file, sets);
  }

  private Settings settings(Path file, List<String> sets) {
    Config reference =
        ConfigFactory.parseResources(ConfigReader.class.getClassLoader(), "reference.conf");
    Config user = file == null ? ConfigFactory.empty() : parse(file);
    for (String set : sets) {
      user = parseSet(set).withFallback(user);
    }
    try {
      user = user.resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(oneLine(e)));
    }
    rejectUnknown(user);
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, String> origins = new LinkedHashMap<>();
    Map<String, Object> defaults = new LinkedHashMap<>();
    for (Key key : Keys.ALL) {
      String path = ROOT + "." + key.path();
      Object standard = convert(key, reference.getValue(path));
      defaults.put(key.path(), standard);
      ConfigValue value = given(user, path);
      Object converted = value == null ? standard : check(key, value);
      values.put(key.path(), converted == null ? standard : converted);
      origins.put(key.path(), value == null ? "default" : origin(value));
    }
    Settings settings = new Settings(values, defaults, origins);
    faults.addAll(settings.conflicts());
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return settings;
  }

  /**
   * What the user gave, null among it; null where a part of the path is no object: a fault already.
   */
  private static ConfigValue given(Config user, String path) {
    ConfigValue value = user.root();
    for (String word : ConfigUtil.splitPath(path)) {
      value = value instanceof ConfigObject object ? object.get(word) : null;
    }
    return value;
  }

  private static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(List.of("configuration file " + file + ": there is no such file"));
    }
    try {
      return ConfigFactory.parseFile(file.toFile());
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(oneLine(e)));
    }
  }

  private static Config parseSet(String set) {
    int equals = set.indexOf('=');
    if (equals < 1) {
      throw new ConfigException(List.of("--set " + set + ": must be path=value"));
    }
    String path = set.substring(0, equals).strip();
    String full = path.startsWith(ROOT + ".") ? path : ROOT + "." + path;
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("--set");
    try {
      return ConfigFactory.parseString(full + " = " + set.substring(equals + 1), options);
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of("--set " + set + ": " + oneLine(e)));
    }
  }

  private void rejectUnknown(Config user) {
    for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
      List<String> words = ConfigUtil.splitPath(entry.getKey());
      String path = String.join(".", words);
      String inside =
          words.get(0).equals(ROOT) ? String.join(".", words.subList(1, words.size())) : null;
      if (inside == null || !Keys.BY_PATH.containsKey(inside)) {
        faults.add(
            "%s (%s): there is no such key; the nearest is %s"
                .formatted(
                    path,
                    origin(entry.getValue()),
                    ROOT + "." + Keys.nearest(inside == null ? path : inside)));
      }
    }
  }

  /** The value if it is allowed, else null and a fault. */
  private Object check(Key key, ConfigValue value) {
    Object converted = convert(key, value);
    if (converted != null && key.check().test(converted)) {
      return converted;
    }
    faults.add(
        "%s = %s (%s): must be %s"
            .formatted(key.path(), value.unwrapped(), origin(value), key.expected()));
    return null;
  }

  /** The value in its key's type, or null; no conversion between types. */
  private static Object convert(Key key, ConfigValue value) {
    return switch (key.type()) {
      case STRING -> value.unwrapped() instanceof String s ? s : null;
      case WHOLE -> whole(value);
      case NUMBER -> value.unwrapped() instanceof Number n ? (Object) n.doubleValue() : null;
      case FLAG -> value.unwrapped() instanceof Boolean b ? b : null;
      case WHOLES -> list(value, ConfigReader::whole);
      case STRINGS -> list(value, v -> v.unwrapped() instanceof String s ? s : null);
    };
  }

  private static Long whole(ConfigValue value) {
    Object number = value.unwrapped();
    if (number instanceof Integer || number instanceof Long) {
      return ((Number) number).longValue();
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

  private static String origin(ConfigValue value) {
    String description = value.origin().description();
    return description.startsWith("--set") ? "--set" : description;
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
