package org.grlu.reports;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Where the columns of the configuration mean something: elsewhere their values count for none. */
final class Meanings {
  /**
   * Of sweeps whose description does not say it. Tables of version 2, which some of them have, hold
   * values that can't change their trials' results; later ones have null there.
   */
  private static final Map<String, Map<String, List<Object>>> OLDER = older();

  private final Map<String, Map<String, List<Object>>> onlyIf;

  /**
   * @param onlyIf as {@link SweepDescription#meanings}
   */
  Meanings(Map<String, Map<String, List<Object>>> onlyIf) {
    this.onlyIf = onlyIf == null ? OLDER : onlyIf;
  }

  private static Map<String, Map<String, List<Object>>> older() {
    Map<String, Map<String, List<Object>>> older = new LinkedHashMap<>();
    older.put("network_k", Map.of("network_activation", List.of("top-k")));
    for (String column :
        List.of(
            "rule_perturbations",
            "rule_noise",
            "rule_gate",
            "rule_hidden_noise",
            "rule_output_noise",
            "rule_normalise_noise",
            "training_noise_scale_max",
            "training_noise_scale_min")) {
      older.put(column, Map.of("rule_name", List.of("grlu")));
    }
    return older;
  }

  /** The columns that decide over others. */
  Set<String> deciding() {
    Set<String> columns = new TreeSet<>();
    onlyIf.values().forEach(conditions -> columns.addAll(conditions.keySet()));
    return columns;
  }

  /** Whether a column means something in a row; where the row does not say what decides, it may. */
  boolean meansSomething(String column, Map<String, Object> row) {
    for (Map.Entry<String, List<Object>> condition :
        onlyIf.getOrDefault(column, Map.of()).entrySet()) {
      Object decides = row.get(condition.getKey());
      if (decides != null && !condition.getValue().contains(decides)) {
        return false;
      }
    }
    return true;
  }
}
