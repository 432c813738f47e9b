package org.grlu.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value of a parameter that is listed.
 *
 * @param shown the value, or a variant's name
 * @param values by configuration path: what choosing it sets, typed as their keys say
 */
public record Choice(Object shown, Map<String, Object> values) {
  public Choice {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
