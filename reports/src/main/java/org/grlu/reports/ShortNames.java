package org.grlu.reports;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of parameters for where there is little room. */
public final class ShortNames {
  /** Ends of paths that say nothing by themselves. */
  private static final Set<String> BARE = Set.of("max", "min", "name");

  private ShortNames() {}

  static Map<String, String> ofParameters(List<SweepDescription.Parameter> parameters) {
    return of(parameters.stream().map(SweepDescription.Parameter::path).toList());
  }

  /** By path: of each the shortest end that no other has and that says something. */
  public static Map<String, String> of(Collection<String> paths) {
    Map<String, String> names = new LinkedHashMap<>();
    paths.forEach(path -> names.put(path, shortest(path, paths)));
    return names;
  }

  private static String shortest(String path, Collection<String> paths) {
    List<String> parts = Arrays.asList(path.split("\\."));
    for (int from = parts.size() - 1; from > 0; from--) {
      String end = String.join(".", parts.subList(from, parts.size()));
      long alike = paths.stream().filter(p -> ("." + p).endsWith("." + end)).count();
      if (alike == 1 && !BARE.contains(end)) {
        return end;
      }
    }
    return path;
  }
}
