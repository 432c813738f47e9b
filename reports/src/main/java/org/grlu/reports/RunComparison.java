package org.grlu.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two runs beside each other: final figures, what differs between their configurations, curves. */
public final class RunComparison {
  private static final Map<String, String> CURVES =
      new TreeMap<>(
          Map.of(
              "train_accuracy", "Train accuracy (%)",
              "validation_accuracy", "Validation accuracy (%)",
              "test_accuracy", "Test accuracy (%)"));

  private final RunReport a;
  private final RunReport b;

  private RunComparison(RunReport a, RunReport b) {
    this.a = a;
    this.b = b;
  }

  /** Compares. */
  public static Comparison of(RunReport a, RunReport b) {
    RunComparison both = new RunComparison(a, b);
    Map<String, Comparison.Rows> tables = Comparison.inOrder();
    tables.put("Final figures", both.figures());
    Comparison.Rows keys = both.keys();
    if (!keys.rows().isEmpty()) {
      tables.put("What differs in the configurations", keys);
    }
    return new Comparison(
        a.name(),
        b.name(),
        List.of(
            "One run each: a difference may be that of their seeds. A sweep with several seeds has"
                + " an interval."),
        tables,
        both.charts());
  }

  private Comparison.Rows figures() {
    List<List<String>> rows = new ArrayList<>();
    for (String column : SettingResult.ACCURACIES) {
      Double x = a.trial().number(column);
      Double y = b.trial().number(column);
      if (x != null || y != null) {
        String difference = x == null || y == null ? "" : Comparison.points(y - x);
        rows.add(List.of(column.replace('_', ' ') + " (%)", percent(x), percent(y), difference));
      }
    }
    for (String column : List.of("cpu_seconds", "wall_seconds", "forward_passes")) {
      Double x = a.trial().number(column);
      Double y = b.trial().number(column);
      String difference =
          x == null || y == null || x == 0 ? "" : String.format(Locale.ROOT, "x %.2f", y / x);
      rows.add(List.of(column.replace('_', ' '), plain(x), plain(y), difference));
    }
    rows.add(List.of("epochs", "" + a.trial().epochs(), "" + b.trial().epochs(), ""));
    return new Comparison.Rows(List.of("", "A", "B", "B - A, or B / A"), rows);
  }

  private static String percent(Double x) {
    return x == null ? "" : String.format(Locale.ROOT, "%.2f", 100 * x);
  }

  private static String plain(Double x) {
    return x == null ? "" : String.format(Locale.ROOT, x >= 1000 ? "%,.0f" : "%.2f", x);
  }

  private Comparison.Rows keys() {
    Map<String, String> first = keys(a);
    Map<String, String> second = keys(b);
    TreeSet<String> all = new TreeSet<>(first.keySet());
    all.addAll(second.keySet());
    List<List<String>> rows = new ArrayList<>();
    for (String key : all) {
      String x = first.getOrDefault(key, "the default");
      String y = second.getOrDefault(key, "the default");
      if (!x.equals(y)) {
        rows.add(List.of(key, x, y));
      }
    }
    return new Comparison.Rows(List.of("Key", "A", "B"), rows);
  }

  private static Map<String, String> keys(RunReport run) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String line : run.keys()) {
      int equals = line.indexOf(" = ");
      keys.put(line.substring(0, equals), line.substring(equals + 3));
    }
    return keys;
  }

  private String charts() {
    StringBuilder charts = new StringBuilder();
    CURVES.forEach((column, title) -> charts.append(chart(title, column, 100)));
    charts.append(chart("Mean reward", "mean_reward", 1));
    return charts.toString();
  }

  private String chart(String title, String column, double factor) {
    TreeSet<Integer> epochs = new TreeSet<>(a.byEpoch(column, factor).keySet());
    epochs.addAll(b.byEpoch(column, factor).keySet());
    List<LineChart.Line> lines = new ArrayList<>();
    for (RunReport run : List.of(a, b)) {
      Map<Integer, Double> values = run.byEpoch(column, factor);
      List<Double> line = new ArrayList<>();
      epochs.forEach(epoch -> line.add(values.get(epoch)));
      lines.add(new LineChart.Line((run == a ? "A: " : "B: ") + run.name(), line));
    }
    return LineChart.html(title, List.copyOf(epochs), lines);
  }
}
