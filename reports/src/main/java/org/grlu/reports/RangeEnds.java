package org.grlu.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the best setting lies at an end of what was searched, so that better ones may lie beyond.
 */
final class RangeEnds {
  private static final Pattern INTERVAL =
      Pattern.compile(".*uniform.*\\[\\s*([-+.\\deE]+)\\s*,\\s*([-+.\\deE]+)\\s*].*");

  /** Of an interval's length, on its own scale. */
  private static final double NEAR = 0.05;

  private RangeEnds() {}

  /** A line for each numeric parameter whose best value is at an end. */
  static List<String> of(List<SettingResult> ranked, List<SweepDescription.Parameter> parameters) {
    List<String> lines = new ArrayList<>();
    if (!ranked.isEmpty()) {
      parameters.forEach(parameter -> line(ranked, parameter).ifPresent(lines::add));
    }
    return lines;
  }

  private static Optional<String> line(
      List<SettingResult> ranked, SweepDescription.Parameter parameter) {
    if (!(ranked.get(0).values().get(parameter.column()) instanceof Number best)) {
      return Optional.empty();
    }
    List<Double> values = new ArrayList<>();
    for (SettingResult setting : ranked) {
      if (setting.values().get(parameter.column()) instanceof Number value) {
        values.add(value.doubleValue());
      }
    }
    double low = values.stream().mapToDouble(x -> x).min().orElse(0);
    double high = values.stream().mapToDouble(x -> x).max().orElse(0);
    Matcher interval = INTERVAL.matcher(parameter.searched());
    double near = 0;
    if (interval.matches()) {
      low = Double.parseDouble(interval.group(1));
      high = Double.parseDouble(interval.group(2));
      near = NEAR;
    } else if (values.stream().distinct().count() < 3) {
      return Optional.empty();
    }
    boolean log = parameter.scale().equals("log") && low > 0;
    double at =
        log
            ? Math.log(best.doubleValue() / low) / Math.log(high / low)
            : (best.doubleValue() - low) / (high - low);
    String end = at <= near ? "lower" : at >= 1 - near ? "upper" : null;
    return end == null
        ? Optional.empty()
        : Optional.of(
            "The best setting has %s = %s, at the %s end of what was searched: better ones may lie beyond it."
                .formatted(parameter.path(), RankingText.value(best), end));
  }
}
