package org.grlu.reports;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a sweep's page says in figures, for whoever would not read its tables. */
final class SweepFigures {
  private SweepFigures() {}

  /** The figures by name, as {@value RunFolder#FIGURES} has them. */
  static Map<String, Object> of(SweepReport report) {
    SweepDescription description = report.description();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("sweep", description.name());
    figures.put(
        "of",
        String.format(
            Locale.ROOT,
            "%s, %,d settings on %s",
            description.search(),
            description.settingsPlanned(),
            description.dataset()));
    figures.put("planned", description.trialsPlanned());
    figures.put("trials", report.trials().size());
    figures.put("rank_by", description.goal().column());
    report.settings().stream()
        .filter(setting -> setting.rank() == 1)
        .findFirst()
        .ifPresent(best -> figures.put("best", best(report, best)));
    figures.put(
        "cpu_seconds",
        report.trials().stream()
            .map(trial -> trial.number("cpu_seconds"))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sum());
    report.trials().stream()
        .map(trial -> trial.time("finished_at"))
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .map(Instant::toString)
        .ifPresent(time -> figures.put("finished_at", time));
    return figures;
  }

  private static Map<String, Object> best(SweepReport report, SettingResult setting) {
    Sample sample = setting.reached(report.description().goal());
    Map<String, Object> best = new LinkedHashMap<>();
    best.put("setting", new RankingText(report).setting(setting));
    best.put("mean", sample.mean());
    best.put("low", sample.low());
    best.put("high", sample.high());
    best.put("seeds", sample.size());
    return best;
  }
}
