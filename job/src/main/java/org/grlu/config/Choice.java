package org.grlu.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the listed values of a sweep's parameter.
 *
 * @param shown the value itself, or the name of a variant
 * @param values the values that this choice sets, by configuration path, of the types that their
 *     keys say
 */
public record Choice(Object shown, Map<String, Object> values) {
  public Choice {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
