package org.grlu.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which of a parameter's named variants a trial has, by what its row says. */
final class Variants {
  private static final String SKIP = "network_skip";

  private final Map<String, Map<String, Object>> variants;
  private final List<String> columns;

  /** By the columns' values; what none has is null. A sweep has few of these and many trials. */
  private final Map<List<Object>, String> names = new HashMap<>();

  /**
   * @param variants by name, with a value for each of the same columns
   */
  Variants(Map<String, Map<String, Object>> variants) {
    this.variants = variants;
    this.columns = columns(variants);
    variants.forEach((name, values) -> names.putIfAbsent(of(values), name));
  }

  static List<String> columns(Map<String, Map<String, Object>> variants) {
    Set<String> columns = new LinkedHashSet<>();
    variants.values().forEach(values -> columns.addAll(values.keySet()));
    return List.copyOf(columns);
  }

  private List<Object> of(Map<String, Object> row) {
    List<Object> values = new ArrayList<>();
    columns.forEach(column -> values.add(row.get(column)));
    return values;
  }

  /** The name of a trial's variant; null where it has none, or none of its keys has a meaning. */
  String name(Map<String, Object> row) {
    List<Object> values = of(row);
    if (!names.containsKey(values)) {
      names.put(values, values.stream().allMatch(Objects::isNull) ? null : find(row));
    }
    return names.get(values);
  }

  private String find(Map<String, Object> row) {
    String loose = null;
    for (Map.Entry<String, Map<String, Object>> variant : variants.entrySet()) {
      if (matches(row, variant.getValue(), false)) {
        return variant.getKey();
      }
      if (loose == null && matches(row, variant.getValue(), true)) {
        loose = variant.getKey();
      }
    }
    return loose;
  }

  /**
   * Whether a row has a variant's values, where they have a meaning in it.
   *
   * @param loose none stands for residual too: so a plan writes it where no layer can have a
   *     residual connection
   */
  private boolean matches(Map<String, Object> row, Map<String, Object> variant, boolean loose) {
    for (String column : columns) {
      Object value = row.get(column);
      boolean unused = loose && column.equals(SKIP) && "none".equals(value);
      if (value != null && !value.equals(variant.get(column))) {
        if (!(unused && "residual".equals(variant.get(column)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** The same values with the types that rows have: JSON knows whole numbers of one size only. */
  static Map<String, Map<String, Object>> typed(Map<String, Map<String, Object>> read) {
    Map<String, Map<String, Object>> typed = new LinkedHashMap<>();
    read.forEach(
        (name, values) -> {
          Map<String, Object> columns = new LinkedHashMap<>();
          values.forEach((column, value) -> columns.put(column, typed(value)));
          typed.put(name, Collections.unmodifiableMap(columns));
        });
    return Collections.unmodifiableMap(typed);
  }

  /** A value with the type that rows have. */
  static Object typed(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Variants::typed).toList();
    }
    return value instanceof Integer whole ? (Object) whole.longValue() : value;
  }
}
