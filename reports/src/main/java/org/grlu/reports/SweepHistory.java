package org.grlu.reports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The best of a sweep as it went: after each setting whose trials were all over, the best mean
 * until then. Settings of fewer epochs, which halving stopped, are not compared.
 */
final class SweepHistory {
  private static final int LEAST = 3;

  private SweepHistory() {}

  /** A setting that is over: when, and its mean. */
  private record Settled(Instant at, double mean) {}

  /** By settings that were over, from the first: the best mean so far. */
  static List<Double> best(SweepReport report) {
    Goal goal = report.description().goal();
    int epochs = report.settings().stream().mapToInt(SettingResult::epochs).max().orElse(0);
    List<Settled> settled = new ArrayList<>();
    for (SettingResult setting : report.settings()) {
      Double mean = setting.reached(goal).mean();
      List<Instant> ends =
          setting.trials().stream()
              .filter(SweepTrial::measured)
              .map(trial -> trial.time("finished_at"))
              .toList();
      if (mean != null && setting.epochs() == epochs && !ends.contains(null)) {
        settled.add(new Settled(ends.stream().max(Comparator.naturalOrder()).orElseThrow(), mean));
      }
    }
    settled.sort(Comparator.comparing(Settled::at));
    List<Double> best = new ArrayList<>();
    double so = Double.NEGATIVE_INFINITY;
    for (Settled each : settled) {
      so = Math.max(so, goal.merit(each.mean));
      best.add(goal.merit(so));
    }
    return best;
  }

  /** The section with its chart; empty of fewer settings than make a line. */
  static String html(SweepReport report) {
    List<Double> best = best(report);
    if (best.size() < LEAST) {
      return "";
    }
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i <= best.size(); i++) {
      numbers.add(i);
    }
    Goal goal = report.description().goal();
    List<Double> shown = best.stream().map(x -> goal.times() * x).toList();
    return "<section id=\"history\">\n<h2>How the best was found</h2>\n<p class=\"small lead\">"
        + "After each setting whose trials were over: the best mean until then.</p>\n"
        + LineChart.html(
            "Best: " + goal.heading(),
            "setting",
            numbers,
            List.of(new LineChart.Line("best", shown)))
        + "</section>";
  }
}
