package org.grlu.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A parameter of a sweep.
 *
 * @param path the configuration key; a free label where all its values are named variants
 * @param space the values that it may take
 * @param searched the values as they were written
 * @param origin file and line
 */
public record Parameter(String path, Space space, String searched, String origin) {
  /**
   * By the path alone: plans look parameters up for each setting, and one may list 100,000 values.
   */
  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /** The configuration keys that it sets, in the order of their first mention. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    if (space instanceof Space.Listed listed) {
      listed.choices().stream()
          .map(c -> c.values().keySet())
          .forEach((Collection<String> k) -> keys.addAll(k));
    } else {
      keys.add(path);
    }
    return keys;
  }
}
