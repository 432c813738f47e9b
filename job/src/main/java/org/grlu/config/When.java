package org.grlu.config;

import java.util.List;
import java.util.Map;

/**
 * Where a parameter has a meaning: elsewhere it keeps the base configuration's value.
 *
 * @param parameter its path or label
 * @param onlyIf the values allowed, by configuration path: all must hold
 */
public record When(String parameter, Map<String, List<Object>> onlyIf) {
  public When {
    onlyIf = Map.copyOf(onlyIf);
  }
}
