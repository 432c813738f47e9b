package org.grlu.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grlu.rule.Key;

/** The configuration that a row of the table of trials holds, as HOCON again. */
public final class RowSettings {
  private final Map<String, Object> given = new LinkedHashMap<>();
  private final Map<String, Object> standard = new LinkedHashMap<>();

  /**
   * Takes a row's columns; those that are no configuration key's are passed over. A key that is
   * null, since it can't change the trial's result, keeps its default.
   *
   * @param row by column, values typed as {@link Settings#values} has them
   * @throws ConfigException where it is of a rule that is not here, and whose keys would be missed
   */
  public RowSettings(Map<String, Object> row) {
    Key rule = Keys.BY_PATH.get("rule.name");
    Object name = row.get(column(rule.path()));
    if (name != null && !rule.check().test(name)) {
      throw new ConfigException(
          List.of(
              "%s = %s of the trial: must be %s; --conf spark.jars=... brings another's jar"
                  .formatted(rule.path(), name, rule.expected())));
    }
    Map<String, Object> defaults = ConfigReader.read(null, List.of()).values();
    for (Key key : Keys.ALL) {
      Object value = row.get(column(key.path()));
      if (value != null) {
        boolean changed = !value.equals(defaults.get(key.path()));
        (changed ? given : standard).put(key.path(), value);
      }
    }
  }

  /** What the row of a trial will hold. */
  public static RowSettings of(Settings settings) {
    Map<String, Object> row = new LinkedHashMap<>();
    settings
        .values()
        .forEach(
            (path, value) -> {
              if (settings.meansSomething(path)) {
                row.put(column(path), value);
              }
            });
    return new RowSettings(row);
  }

  /** A key's column: rule_perturbations. */
  public static String column(String path) {
    return path.replace('.', '_').replace('-', '_');
  }

  /** By column, the values that other columns must have for it to mean something. */
  public static Map<String, Map<String, List<Object>>> meanings() {
    Map<String, Map<String, List<Object>>> meanings = new LinkedHashMap<>();
    for (Key key : Keys.ALL) {
      Map<String, List<Object>> conditions = new TreeMap<>();
      key.onlyIf().forEach((path, values) -> conditions.put(column(path), values));
      if (!conditions.isEmpty()) {
        meanings.put(column(key.path()), conditions);
      }
    }
    return meanings;
  }

  /** The keys whose values are not the defaults, "path = value" each. */
  public List<String> changed() {
    return lines(given);
  }

  /** The keys that have their defaults. */
  public List<String> unchanged() {
    return lines(standard);
  }

  private static List<String> lines(Map<String, Object> values) {
    List<String> lines = new ArrayList<>();
    values.forEach((path, value) -> lines.add(path + " = " + Json.of(value)));
    return lines;
  }
}
