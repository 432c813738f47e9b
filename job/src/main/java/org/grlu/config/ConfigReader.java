package org.grlu.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grlu.rule.Key;

/**
 * Reads a configuration. Values of {@code --set} override those of the file, which override the
 * defaults of {@code reference.conf}.
 */
public final class ConfigReader {
  private static final String ROOT = KeyReader.ROOT;
  private static final String SWEEP = ROOT + ".sweep";

  private static final Pattern QUOTED =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|\"\"\"[^\"]*\"\"\"");

  /**
   * For each block of keys by its path, the names in the block. The block {@code sweep} is left
   * out.
   */
  private static final Map<String, Set<String>> BLOCKS = blocks();

  private final KeyReader keys = new KeyReader();
  private final Config reference = reference();
  private final Path file;
  private final Config user;

  /**
   * Opens a configuration. The file may be a pipe, which can be read only once. Call only one of
   * {@link #trial}, {@link #slowSystem} and {@link #sweep} afterwards.
   *
   * @param file a HOCON file; null for the defaults alone
   * @param sets settings {@code path=value} that override the file; the last one for a path wins
   * @throws ConfigException where the file is missing, can't be read, or is not valid HOCON
   */
  public static ConfigReader open(Path file, List<String> sets) {
    return new ConfigReader(file, file == null ? ConfigFactory.empty() : parse(file), sets);
  }

  private ConfigReader(Path file, Config content, List<String> sets) {
    this.file = file;
    Config given = content;
    for (String set : sets) {
      given = parseSet(set).withFallback(given);
    }
    try {
      user = given.resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(oneLine(e)));
    }
  }

  private ConfigReader(Path file, Config user) {
    this.file = file;
    this.user = user;
  }

  /**
   * Returns a reader that also knows the content of the slow system's file. Returns this reader
   * where the configuration can't ask for such a file.
   *
   * @param reader reads the file at a path or URI. It throws where there is no such file, or where
   *     the file holds something else
   */
  public ConfigReader withFeatures(Function<String, FeatureFile> reader) {
    ConfigValue kind = KeyReader.given(user, ROOT + "." + FeatureKeys.KIND);
    ConfigValue named = KeyReader.given(user, ROOT + "." + FeatureKeys.FILE);
    boolean asked = holdsSweep() || (kind != null && "file".equals(kind.unwrapped()));
    if (!asked || named == null || !(named.unwrapped() instanceof String path) || path.isBlank()) {
      return this;
    }
    String digest = reader.apply(Home.expand(FeatureKeys.FILE, path)).digest();
    ConfigValue value = ConfigValueFactory.fromAnyRef(digest, named.origin().description());
    return new ConfigReader(file, user.withValue(ROOT + "." + FeatureKeys.DIGEST, value));
  }

  /**
   * Reads and checks the configuration of one trial.
   *
   * @param file a HOCON file; null for the defaults alone
   * @param sets settings {@code path=value} that override the file; the last one for a path wins
   * @throws ConfigException with one line for each fault. Where the configuration is a sweep's,
   *     that is the only line
   */
  public static Settings read(Path file, List<String> sets) {
    return open(file, sets).trial();
  }

  /**
   * Reads and checks the configuration of one trial from a string.
   *
   * @param name the name of the configuration in messages
   * @param hocon the configuration
   * @param sets settings {@code path=value} that override it; the last one for a path wins
   * @throws ConfigException with one line for each fault
   */
  public static Settings read(String name, String hocon, List<String> sets) {
    try {
      Config content = ConfigFactory.parseString(hocon, StrictIncluder.options(name));
      return new ConfigReader(null, content, sets).trial();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(oneLine(e)));
    }
  }

  /**
   * Checks what was opened as the configuration of one trial.
   *
   * @throws ConfigException with one line for each fault
   */
  public Settings trial() {
    return checked(Settings::conflicts);
  }

  /**
   * Checks what was opened as the configuration of a slow system. The network need not fit.
   *
   * @throws ConfigException with one line for each fault
   */
  public Settings slowSystem() {
    return checked(Settings::featureConflicts);
  }

  private Settings checked(Function<Settings, List<String>> conflicts) {
    if (sweepBlock() instanceof ConfigObject sweep) {
      throw new ConfigException(
          List.of(
              "%s (%s): this is a sweep, of many trials: `grlu plan` shows it and `grlu sweep` runs it"
                  .formatted(SWEEP, KeyReader.origin(sweep))));
    }
    rejectUnknown();
    Settings settings = settings();
    keys.faults().addAll(conflicts.apply(settings));
    throwFaults();
    return settings;
  }

  /**
   * Reads and checks a sweep. Conflicts between values of its trials are found later, by the plan.
   *
   * @param file a HOCON file with a block {@code grlu.sweep}
   * @param sets settings {@code path=value} that override the file; the last one for a path wins
   * @throws ConfigException with one line for each fault. Where there is no such block, that is the
   *     only line
   */
  public static SweepFile sweep(Path file, List<String> sets) {
    return open(file, sets).sweep();
  }

  /**
   * Checks what was opened as a sweep.
   *
   * @throws ConfigException with one line for each fault
   */
  public SweepFile sweep() {
    if (!holdsSweep()) {
      throw new ConfigException(
          List.of(
              "%s: not a sweep: there is no block %s; `grlu train` trains one configuration"
                  .formatted(file, SWEEP)));
    }
    rejectUnknown();
    Settings base = settings();
    SweepFile sweep = new SweepReader(keys, user.withFallback(reference), user).read(base, file);
    throwFaults();
    return sweep;
  }

  /** Returns whether the configuration has a block {@code grlu.sweep}. */
  public boolean holdsSweep() {
    return sweepBlock() instanceof ConfigObject;
  }

  private ConfigValue sweepBlock() {
    return KeyReader.given(user, SWEEP);
  }

  private void throwFaults() {
    if (!keys.faults().isEmpty()) {
      throw new ConfigException(keys.faults());
    }
  }

  private Settings settings() {
    int count = Keys.ALL.size();
    Object[] values = new Object[count];
    Object[] defaults = new Object[count];
    String[] origins = new String[count];
    for (int i = 0; i < count; i++) {
      Key key = Keys.ALL.get(i);
      String path = ROOT + "." + key.path();
      defaults[i] = KeyReader.convert(key, reference.getValue(path));
      ConfigValue value = KeyReader.given(user, path);
      Object converted = value == null ? null : keys.check(key, value);
      values[i] = converted == null ? defaults[i] : converted;
      origins[i] = value == null ? Settings.DEFAULT : KeyReader.origin(value);
    }
    return new Settings(values, defaults, origins);
  }

  /**
   * Returns all defaults: those of {@code reference.conf}, and those that rules from jars bring.
   */
  private static Config reference() {
    Config all =
        ConfigFactory.parseResources(ConfigReader.class.getClassLoader(), "reference.conf");
    for (Key key : Keys.ALL) {
      if (key.standard() != null) {
        ConfigValue value = ConfigValueFactory.fromAnyRef(key.standard(), Settings.DEFAULT);
        all = all.withValue(ROOT + "." + key.path(), value);
      }
    }
    return all;
  }

  private static Config parse(Path given) {
    Path file = Path.of(Home.expand("configuration file", given.toString()));
    if (Files.isDirectory(file)) {
      throw new ConfigException(List.of("configuration file " + file + ": is a folder"));
    }
    if (!Files.exists(file)) {
      throw new ConfigException(List.of("configuration file " + file + ": there is no such file"));
    }
    ConfigParseOptions options = StrictIncluder.options(file.toString());
    try {
      if (Files.isRegularFile(file)) {
        // an absolute path, so that includes of a file without a folder in its name are found
        return ConfigFactory.parseFile(file.toAbsolutePath().toFile(), options);
      }
      try (Reader pipe = Files.newBufferedReader(file)) {
        return ConfigFactory.parseReader(pipe, options);
      }
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(oneLine(e)));
    } catch (IOException e) {
      throw new ConfigException(
          List.of("configuration file " + file + ": can't be read: " + oneLine(e)));
    }
  }

  private static Config parseSet(String set) {
    int equals = set.indexOf('=');
    if (equals < 1) {
      throw new ConfigException(List.of("--set " + set + ": must be path=value"));
    }
    String path = set.substring(0, equals).strip();
    String full = path.startsWith(ROOT + ".") ? path : ROOT + "." + path;
    String text = set.substring(equals + 1);
    Key key = Keys.of(full.substring(ROOT.length() + 1));
    try {
      if (key == null || key.type() != Key.Type.STRING) {
        return hocon(full, text);
      }
      boolean spaced = Character.isWhitespace(set.charAt(equals - 1));
      return single(full, string(key, spaced ? text.strip() : text));
    } catch (com.typesafe.config.ConfigException.BadPath e) {
      throw new ConfigException(
          List.of("--set " + set + ": must be path=value, with a key's path"));
    }
  }

  /**
   * Parses the text as HOCON. Text that is not HOCON becomes a string, which the key's check then
   * reports.
   */
  private static Config hocon(String path, String text) {
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(Settings.SET);
    try {
      return ConfigFactory.parseString(path + " = " + text, options);
    } catch (com.typesafe.config.ConfigException e) {
      return single(path, text);
    }
  }

  private static Config single(String path, String value) {
    return ConfigFactory.empty()
        .withValue(path, ConfigValueFactory.fromAnyRef(value, Settings.SET));
  }

  /**
   * Returns the value of a key that is a string. It is the text as typed, because HOCON would cut a
   * path at // or #, and refuse many characters that names may have. Text in double quotes is a
   * HOCON string.
   */
  private static String string(Key key, String typed) {
    if (QUOTED.matcher(typed.strip()).matches()) {
      try {
        return ConfigFactory.parseString("v = " + typed).getString("v");
      } catch (com.typesafe.config.ConfigException e) {
        // HOCON does not know a backslash in it, so the quotes are part of the name
        return typed;
      }
    }
    return key.check().test(typed) ? typed : typed.strip();
  }

  private void rejectUnknown() {
    BLOCKS.forEach(
        (block, keysInIt) -> {
          ConfigValue value = KeyReader.given(user, ROOT + "." + block);
          if (value != null && !(value instanceof ConfigObject)) {
            keys.fault(block, value, "a block of " + String.join(", ", keysInIt));
          }
        });
    rejectUnknown("", user.root());
  }

  /**
   * Reports keys that do not exist. It walks the objects, because {@code Config.entrySet} leaves
   * out null values.
   */
  private void rejectUnknown(String prefix, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      String path = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      boolean inRoot = path.startsWith(ROOT + ".");
      String inside = inRoot ? path.substring(ROOT.length() + 1) : path;
      if (inRoot && (Keys.BY_PATH.containsKey(inside) || SweepReader.PATHS.contains(inside))) {
        continue; // the key exists, and its value is checked elsewhere
      }
      if (value instanceof ConfigObject inner) {
        rejectUnknown(path + ".", inner);
      } else if (!(inRoot && BLOCKS.containsKey(inside))
          && !(path.equals(SWEEP) && value.valueType() == ConfigValueType.NULL)) {
        boolean ofSweep = inRoot && inside.startsWith("sweep.");
        Set<String> candidates = ofSweep ? SweepReader.PATHS : Keys.BY_PATH.keySet();
        keys.faults()
            .add(
                "%s (%s): there is no such key; the nearest is %s"
                    .formatted(
                        path,
                        KeyReader.origin(value),
                        ROOT + "." + Keys.nearest(inside, candidates)));
      }
    }
  }

  private static Map<String, Set<String>> blocks() {
    Map<String, Set<String>> blocks = new LinkedHashMap<>();
    Stream.concat(Keys.BY_PATH.keySet().stream(), SweepReader.PATHS.stream())
        .forEach(
            path -> {
              for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
                blocks
                    .computeIfAbsent(path.substring(0, dot), block -> new LinkedHashSet<>())
                    .add(path.substring(dot + 1).replaceFirst("\\..*", ""));
              }
            });
    blocks.remove("sweep");
    return blocks;
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
