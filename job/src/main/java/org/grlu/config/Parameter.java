package org.grlu.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A parameter of a sweep.
 *
 * @param path a configuration key, or a free label where all values are named variants
 * @param space the values that the parameter may take
 * @param searched the values as the user wrote them
 * @param origin the file and line of the parameter
 */
public record Parameter(String path, Space space, String searched, String origin) {
  /**
   * Hashes the path alone. Plans look parameters up for each setting, and a parameter may list
   * 100,000 values.
   */
  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /**
   * Returns the configuration keys that the parameter sets, in the order of their first mention.
   */
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
