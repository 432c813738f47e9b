package org.grlu.config;

import java.util.List;
import java.util.Map;

/**
 * A condition under which a parameter has a meaning. Where the condition does not hold, the
 * parameter keeps the value of the base configuration.
 *
 * @param parameter the parameter's path or label
 * @param onlyIf the allowed values by configuration path; all paths must have one of theirs
 */
public record When(String parameter, Map<String, List<Object>> onlyIf) {
  public When {
    onlyIf = Map.copyOf(onlyIf);
  }
}
