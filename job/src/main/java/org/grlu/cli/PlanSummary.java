package org.grlu.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.grlu.config.Json;
import org.grlu.config.Parameter;
import org.grlu.config.SearchKind;
import org.grlu.config.SweepSettings;
import org.grlu.sweep.ExpectedCost;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepPlan;

/**
 * What {@code plan} says.
 *
 * @param known trial ids that are not run again
 * @param failed how many of them diverged or failed
 * @param coreSeconds of what is left to run
 * @param from where that figure comes from, in words
 */
record PlanSummary(
    SweepSettings sweep,
    Search search,
    Set<String> known,
    long failed,
    double coreSeconds,
    String from,
    ExpectedCost cost) {
  private static final int SAMPLE = 6;

  /** The first trials of some settings, from the first to the last. */
  private List<PlannedTrial> sample() {
    List<PlannedTrial> sample = new ArrayList<>();
    int count = Math.min(SAMPLE, plan().settings());
    for (int i = 0; i < count; i++) {
      long setting = count == 1 ? 0 : (long) i * (plan().settings() - 1) / (count - 1);
      sample.add(plan().trials().get((int) setting * sweep.seeds().size()));
    }
    return sample;
  }

  private SweepPlan plan() {
    return search.plan();
  }

  /** Those that are not proposed yet among them. */
  private long settings() {
    return (long) plan().settings() + search.toCome();
  }

  private long trials() {
    return plan().trials().size() + (long) search.toCome() * sweep.seeds().size();
  }

  private long toRun() {
    return trials() - known.size();
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sweep", sweep.name());
    json.put("search", sweep.search().word());
    json.put("settings", settings());
    json.put("seeds", sweep.seeds());
    json.put("duplicates", (long) plan().duplicates());
    json.put("trials", trials());
    json.put("known", (long) known.size());
    json.put("failed", failed);
    json.put("to_run", toRun());
    json.put("core_hours", coreSeconds / 3600);
    json.put("estimate_from", from);
    List<Object> sample = new ArrayList<>();
    for (PlannedTrial trial : sample()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("trial_id", trial.trialId());
      row.put("setting_id", trial.settingId());
      row.put("seed", trial.seed());
      row.put("parameters", trial.parameters());
      row.put("known", known.contains(trial.trialId()));
      row.put("core_seconds", cost.seconds(trial.settings()));
      sample.add(row);
    }
    json.put("sample", sample);
    return json;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("sweep %s: %s, ranked by %s".formatted(sweep.name(), searched(), sweep.rankedBy()));
    for (Parameter parameter : sweep.parameters()) {
      lines.add("  %s: %s".formatted(parameter.path(), parameter.searched()));
    }
    int same = plan().duplicates();
    String most = sweep.search() == SearchKind.HALVING && toRun() > 0 ? "at most " : "";
    lines.add(
        format(
            "%,d settings%s, seeds %s: %,d trials, of which %,d are known and %s%,d are to run",
            settings(),
            same == 0 ? "" : format(" (%,d more are the same as one of them)", same),
            seeds(),
            trials(),
            known.size(),
            most,
            toRun()));
    if (failed > 0) {
      lines.add(
          format(
              "%,d of the known failed or diverged; sweep --retry-failed runs them again", failed));
    }
    lines.add(
        toRun() == 0
            ? "nothing is left to run"
            : format("%s%.3g core-hours, by %s", most, coreSeconds / 3600, from));
    for (PlannedTrial trial : sample()) {
      lines.add(
          format(
              "  %s  seed %d  %6.1f s  %s%s",
              trial.trialId().substring(0, 8),
              trial.seed(),
              cost.seconds(trial.settings()),
              words(trial.parameters()),
              known.contains(trial.trialId()) ? "  (known)" : ""));
    }
    return lines;
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private String searched() {
    return switch (sweep.search()) {
      case GRID, RANDOM -> sweep.search().word();
      case HALVING ->
          "halving at epochs %s, one in %d goes on"
              .formatted(sweep.halving().rungs(), sweep.halving().factor());
      case TPE -> {
        int first = Math.min(sweep.tpeStartup(), sweep.settings());
        yield "tpe, %d settings at random, then %d proposed in generations of %d"
            .formatted(first, sweep.settings() - first, sweep.generation());
      }
    };
  }

  private String seeds() {
    List<Long> seeds = sweep.seeds();
    long first = seeds.get(0);
    long last = seeds.get(seeds.size() - 1);
    boolean inARow = seeds.size() > 2 && last - first == seeds.size() - 1;
    return inARow
        ? first + " to " + last
        : seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String words(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + " = " + word(each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String word(Object value) {
    return value instanceof String text ? text : Json.of(value);
  }
}
