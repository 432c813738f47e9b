package org.grlu.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.reports.SweepDescription.Parameter;

/**
 * Two sweeps beside each other: their best, and settings with the same values of the parameters
 * that both have, with the difference over the seeds that both ran. Of settings of one sweep that
 * differ in other parameters alone the best one stands for all.
 */
public final class SweepComparison {
  /** How many settings are listed at most. */
  private static final int ROWS = 100;

  private final SweepReport a;
  private final SweepReport b;
  private final Goal goal;

  private SweepComparison(SweepReport a, SweepReport b) {
    this.a = a;
    this.b = b;
    this.goal = a.description().goal();
  }

  /** A setting of each, and the differences B - A by seed. */
  private record Pair(String name, SettingResult a, SettingResult b, Sample difference, double p) {}

  /**
   * Compares, by what the first is ranked by.
   *
   * @throws IllegalArgumentException where the other is ranked by something else
   */
  public static Comparison of(SweepReport a, SweepReport b) {
    SweepComparison both = new SweepComparison(a, b);
    if (!(both.goal == b.description().goal())) {
      throw new IllegalArgumentException(
          "%s is ranked by %s, %s by %s"
              .formatted(
                  a.description().name(),
                  both.goal.title(),
                  b.description().name(),
                  b.description().goal().title()));
    }
    List<Parameter> shared =
        a.parameters().stream()
            .filter(p -> b.parameters().stream().anyMatch(q -> q.column().equals(p.column())))
            .toList();
    List<Pair> pairs = both.pairs(shared);
    Map<String, Comparison.Rows> tables = Comparison.inOrder();
    tables.put("The best of each", both.best());
    if (!pairs.isEmpty()) {
      tables.put("Settings in common", both.rows(pairs));
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        "%s. Differences are B - A, paired by seed, with the 95 %% interval of"
                .formatted(both.goal.heading())
            + " their mean; p is that of a paired t test, corrected for all rows (Holm).");
    notes.add(
        pairs.isEmpty()
            ? "No setting of one has the same values of shared parameters as one of the other."
            : String.format(
                Locale.ROOT,
                "%,d %s in common%s.",
                pairs.size(),
                pairs.size() == 1 ? "setting" : "settings",
                pairs.size() > ROWS ? ", the first " + ROWS + " of them shown" : ""));
    return new Comparison(a.description().name(), b.description().name(), notes, tables, "");
  }

  private Comparison.Rows best() {
    List<List<String>> rows = new ArrayList<>();
    for (SweepReport each : List.of(a, b)) {
      each.settings().stream()
          .filter(setting -> setting.rank() == 1)
          .findFirst()
          .ifPresent(
              setting ->
                  rows.add(
                      List.of(
                          (each == a ? "A: " : "B: ")
                              + words(new RankingText(each).setting(setting)),
                          goal.cell(setting.reached(goal)),
                          "" + setting.seeds())));
    }
    return new Comparison.Rows(List.of("Setting", goal.heading(), "Seeds"), rows);
  }

  /** A sweep without parameters has one setting. */
  private static String words(String setting) {
    return setting.isEmpty() ? "the only setting" : setting;
  }

  /** In the order of the first's ranking. */
  private List<Pair> pairs(List<Parameter> shared) {
    Map<List<Object>, SettingResult> second = bests(b, shared);
    List<Pair> pairs = new ArrayList<>();
    bests(a, shared)
        .forEach(
            (values, setting) -> {
              SettingResult other = second.get(values);
              if (other != null) {
                pairs.add(pair(name(shared, values), setting, other));
              }
            });
    return pairs;
  }

  private static Map<List<Object>, SettingResult> bests(SweepReport of, List<Parameter> shared) {
    Map<List<Object>, SettingResult> bests = new LinkedHashMap<>();
    for (SettingResult setting : of.settings()) {
      if (setting.rank() > 0) {
        List<Object> values = new ArrayList<>();
        shared.forEach(p -> values.add(setting.values().get(p.column())));
        bests.putIfAbsent(values, setting);
      }
    }
    return bests;
  }

  private static String name(List<Parameter> shared, List<Object> values) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < shared.size(); i++) {
      if (values.get(i) != null) {
        words.add(shared.get(i).path() + " " + RankingText.value(values.get(i)));
      }
    }
    return words.isEmpty() ? "the best of each" : String.join(", ", words);
  }

  private Pair pair(String name, SettingResult x, SettingResult y) {
    Map<Long, Double> first = x.bySeed(goal.column());
    Map<Long, Double> second = y.bySeed(goal.column());
    double[] differences =
        first.keySet().stream()
            .filter(second::containsKey)
            .mapToDouble(seed -> second.get(seed) - first.get(seed))
            .toArray();
    return new Pair(name, x, y, Sample.of(differences), PairedTest.pValue(differences));
  }

  private Comparison.Rows rows(List<Pair> pairs) {
    double[] tested = pairs.stream().mapToDouble(Pair::p).filter(p -> !Double.isNaN(p)).toArray();
    double[] adjusted = PairedTest.holm(tested);
    List<List<String>> rows = new ArrayList<>();
    int next = 0;
    for (Pair pair : pairs) {
      String p = "";
      if (!Double.isNaN(pair.p)) {
        double corrected = adjusted[next++];
        p = corrected < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", corrected);
      }
      Sample d = pair.difference;
      rows.add(
          List.of(
              pair.name,
              goal.cell(pair.a.reached(goal)),
              goal.cell(pair.b.reached(goal)),
              d.low() == null
                  ? goal.difference(d.mean())
                  : "%s [%s, %s]"
                      .formatted(
                          goal.difference(d.mean()),
                          goal.difference(d.low()),
                          goal.difference(d.high())),
              p,
              "" + d.size()));
    }
    return new Comparison.Rows(
        List.of("Setting", "A", "B", "B - A", "p", "Seeds"),
        rows.subList(0, Math.min(ROWS, rows.size())));
  }
}
