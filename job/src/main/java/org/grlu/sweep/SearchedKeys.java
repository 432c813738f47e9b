package org.grlu.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.RowSettings;
import org.grlu.config.Scale;
import org.grlu.config.Settings;
import org.grlu.config.Space;

/** What of the configuration a sweep varies, and on which axis. */
final class SearchedKeys {
  private static final String LAYERS = "network.layers";
  private static final String KINDS = "network.kinds";

  private SearchedKeys() {}

  static List<SearchedKey> of(List<Parameter> parameters, Settings base) {
    List<SearchedKey> keys = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.space() instanceof Space.Interval interval) {
        keys.add(key(parameter, interval.scale(), null));
        continue;
      }
      List<Choice> choices = ((Space.Listed) parameter.space()).choices();
      boolean plain =
          choices.stream()
              .allMatch(
                  c -> c.values().equals(Map.of(parameter.path(), c.shown())) && !ofKinds(c, base));
      keys.add(
          plain
              ? key(parameter, scale(choices.stream().map(Choice::shown).distinct().toList()), null)
              : key(parameter, Scale.CATEGORY, variants(parameter.keys(), choices, base)));
    }
    return keys;
  }

  /** Whether it is a list of layers of several kinds, which two columns tell apart. */
  private static boolean ofKinds(Choice choice, Settings base) {
    return choice.values().containsKey(LAYERS) && base.with(choice.values()).shape().isMixed();
  }

  private static Map<String, Map<String, Object>> variants(
      Set<String> paths, List<Choice> choices, Settings base) {
    Set<String> told = new LinkedHashSet<>(paths);
    if (choices.stream().anyMatch(c -> ofKinds(c, base))) {
      told.add(KINDS);
    }
    Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
    for (Choice choice : choices) {
      Settings chosen = base.with(choice.values());
      Map<String, Object> columns = new LinkedHashMap<>();
      for (String path : told) {
        columns.put(RowSettings.column(path), chosen.value(path));
      }
      variants.putIfAbsent(choice.shown().toString(), columns);
    }
    return variants;
  }

  private static SearchedKey key(
      Parameter parameter, Scale scale, Map<String, Map<String, Object>> variants) {
    String path = parameter.path();
    return new SearchedKey(path, RowSettings.column(path), scale, parameter.searched(), variants);
  }

  /** Logarithmic where neighbours are closer to having one ratio than to having one difference. */
  static Scale scale(List<Object> values) {
    if (!values.stream().allMatch(Number.class::isInstance)) {
      return Scale.CATEGORY;
    }
    double[] sorted =
        values.stream().mapToDouble(v -> ((Number) v).doubleValue()).sorted().toArray();
    if (sorted.length < 3 || sorted[0] <= 0) {
      return Scale.LINEAR;
    }
    double[] differences = new double[sorted.length - 1];
    double[] ratios = new double[sorted.length - 1];
    for (int i = 1; i < sorted.length; i++) {
      differences[i - 1] = sorted[i] - sorted[i - 1];
      ratios[i - 1] = Math.log(sorted[i] / sorted[i - 1]);
    }
    return spread(ratios) < spread(differences) ? Scale.LOG : Scale.LINEAR;
  }

  private static double spread(double[] steps) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double step : steps) {
      least = Math.min(least, step);
      most = Math.max(most, step);
    }
    return most / least;
  }
}
