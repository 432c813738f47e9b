package org.grlu.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grlu.rule.Key;

/** Turns a row of the table of trials back into the lines of a HOCON configuration. */
public final class RowSettings {
  private final Map<String, Object> given = new LinkedHashMap<>();
  private final Map<String, Object> standard = new LinkedHashMap<>();

  /**
   * Reads the columns of configuration keys from a row; other columns are ignored. A key whose
   * column is null keeps its default, since it can't change the trial's result.
   *
   * @param row values by column, of the types that {@link Settings#values} has
   * @throws ConfigException where the row's learning rule is not available here
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

  /** Returns what the row of a trial with these settings will hold. */
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

  /** Returns the column of a key: {@code rule_perturbations} for {@code rule.perturbations}. */
  public static String column(String path) {
    return path.replace('.', '_').replace('-', '_');
  }

  /**
   * Returns for each column the other columns, with their values, that give the column a meaning.
   * Columns that always have a meaning are left out.
   */
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

  /** Returns a line {@code path = value} for each key whose value is not its default. */
  public List<String> changed() {
    return lines(given);
  }

  /** Returns a line {@code path = value} for each key that has its default. */
  public List<String> unchanged() {
    return lines(standard);
  }

  private static List<String> lines(Map<String, Object> values) {
    List<String> lines = new ArrayList<>();
    values.forEach((path, value) -> lines.add(path + " = " + Json.of(value)));
    return lines;
  }
}
