package org.grlu.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.RowSettings;
import org.grlu.config.Scale;
import org.grlu.config.Settings;
import org.grlu.config.Space;

/** What of the configuration a sweep varies, and on which axis. */
final class SearchedKeys {
  private SearchedKeys() {}

  static List<SearchedKey> of(List<Parameter> parameters, Settings base) {
    List<SearchedKey> keys = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.space() instanceof Space.Interval interval) {
        keys.add(key(parameter.path(), interval.scale(), parameter.searched()));
        continue;
      }
      List<Choice> choices = ((Space.Listed) parameter.space()).choices();
      for (String path : parameter.keys()) {
        List<Object> values =
            choices.stream()
                .map(c -> c.values().getOrDefault(path, base.value(path)))
                .distinct()
                .collect(Collectors.toList());
        boolean plain = parameter.keys().size() == 1 && parameter.path().equals(path);
        keys.add(key(path, scale(values), plain ? parameter.searched() : values.toString()));
      }
    }
    return keys;
  }

  private static SearchedKey key(String path, Scale scale, String searched) {
    return new SearchedKey(path, RowSettings.column(path), scale, searched);
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
