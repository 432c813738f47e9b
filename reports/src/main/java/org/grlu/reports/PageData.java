package org.grlu.reports;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the page's charts are drawn from. */
final class PageData {
  /**
   * How many settings the charts hold at most: the best half of these, and a sample of the rest.
   */
  static final int SETTINGS = 1000;

  /** Up to how many settings each seed is a point. */
  private static final int SEEDS = 500;

  private static final int CURVES = 24;
  private static final Pattern LIST = Pattern.compile("\\[([^{}]*)]");
  private static final MathContext DIGITS = new MathContext(6);

  private final SweepReport report;
  private final boolean oneSeed;

  PageData(SweepReport report) {
    this.report = report;
    this.oneSeed = RankingTable.oneSeed(report.settings());
  }

  Map<String, Object> values() throws IOException {
    List<SettingResult> ranked = report.settings().stream().filter(s -> s.rank() > 0).toList();
    List<SettingResult> shown = shown(ranked);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rankBy", report.description().accuracy());
    values.put("goals", report.description().rankBy().stream().map(PageData::goal).toList());
    values.put("parameters", report.parameters().stream().map(PageData::parameter).toList());
    values.put("settingsOf", ranked.size());
    values.put(
        "settings",
        shown.stream().map(setting -> setting(setting, shown.size() <= SEEDS)).toList());
    List<SettingResult> first = ranked.subList(0, Math.min(CURVES, ranked.size()));
    values.put("curves", curves(first));
    values.put("alignments", alignments(first));
    return values;
  }

  /** All, or where they are too many to draw the best, and every so many of the others. */
  static List<SettingResult> shown(List<SettingResult> ranked) {
    if (ranked.size() <= SETTINGS) {
      return ranked;
    }
    List<SettingResult> shown = new ArrayList<>(ranked.subList(0, SETTINGS / 2));
    double every = (ranked.size() - SETTINGS / 2) / (SETTINGS / 2.0);
    for (int i = 0; i < SETTINGS / 2; i++) {
      shown.add(ranked.get(SETTINGS / 2 + (int) (i * every)));
    }
    return shown;
  }

  private static Map<String, Object> goal(Goal goal) {
    // in one order, so that the same tables give the same page
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("column", goal.column());
    values.put("title", goal.heading());
    values.put("less", goal.less());
    values.put("times", goal.times());
    return values;
  }

  /** With the values in their order, where they are variants' names. */
  private static Map<String, Object> parameter(SweepDescription.Parameter parameter) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("path", parameter.path());
    values.put("column", parameter.column());
    values.put("scale", parameter.scale());
    values.put("searched", parameter.searched());
    values.put(
        "values",
        parameter.variants() == null
            ? asked(parameter.searched())
            : List.copyOf(parameter.variants().keySet()));
    return values;
  }

  /**
   * The values of a list in the order of the sweep's file, as settings show them; empty where it is
   * no list of such.
   */
  static List<String> asked(String searched) {
    Matcher list = LIST.matcher(searched);
    if (!list.matches()) {
      return List.of();
    }
    boolean nested = searched.startsWith("[[");
    return Stream.of(list.group(1).split(nested ? "]\\s*,\\s*\\[" : "\\s*,\\s*"))
        .map(value -> value.replaceAll("\\s*,\\s*", "-").replaceAll("[\\[\\]\"]", ""))
        .toList();
  }

  private Map<String, Object> setting(SettingResult setting, boolean withSeeds) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rank", setting.rank());
    values.put("tied", setting.comparison().tied() && !oneSeed);
    values.put("epochs", setting.epochs());
    values.put("values", setting.values().values().stream().map(PageData::plain).toList());
    for (String accuracy : SettingResult.ACCURACIES) {
      Sample sample = setting.accuracy().get(accuracy);
      if (sample.mean() != null) {
        List<Object> seeds = new ArrayList<>();
        Map<Long, Double> bySeed = withSeeds ? setting.bySeed(accuracy) : Map.of();
        bySeed.forEach((seed, value) -> seeds.add(List.of(String.valueOf(seed), short6(value))));
        values.put(
            accuracy,
            Arrays.asList(
                short6(sample.mean()), short6(sample.low()), short6(sample.high()), seeds));
      }
    }
    if (setting.tasks().get(SettingResult.COSINE).mean() != null) {
      Map<String, Object> tasks = new LinkedHashMap<>();
      tasks.put("cosine", short6(setting.tasks().get(SettingResult.COSINE).mean()));
      tasks.put("forgetting", short6(setting.tasks().get(TaskFigure.FORGETTING.column).mean()));
      values.put("tasks", tasks);
    }
    if (setting.front() > 0) {
      values.put("front", setting.front());
      values.put(
          "reached",
          report.description().rankBy().stream()
              .map(goal -> short6(setting.reached(goal).mean()))
              .toList());
    }
    values.put("cpu", short6(setting.cost().get("cpu_seconds").mean()));
    return values;
  }

  private static Map<String, Integer> ranks(List<SettingResult> settings) {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    settings.forEach(setting -> ranks.put(setting.id(), setting.rank()));
    return ranks;
  }

  /** By rank a row each epoch: the epoch, and by layer both of its alignments. */
  private Map<String, Object> alignments(List<SettingResult> settings) throws IOException {
    Map<String, Integer> ranks = ranks(settings);
    Map<String, Object> alignments = new LinkedHashMap<>();
    report
        .alignments(settings)
        .forEach(
            (id, points) ->
                alignments.put(
                    String.valueOf(ranks.get(id)),
                    points.stream()
                        .map(p -> List.of(p.epoch(), short6(p.example()), short6(p.mean())))
                        .toList()));
    return alignments;
  }

  private static List<BigDecimal> short6(List<Double> numbers) {
    return numbers.stream().map(PageData::short6).toList();
  }

  private Map<String, Object> curves(List<SettingResult> settings) throws IOException {
    Map<String, Integer> ranks = ranks(settings);
    Map<String, Object> curves = new LinkedHashMap<>();
    report
        .curves(settings)
        .forEach(
            (id, points) ->
                curves.put(
                    String.valueOf(ranks.get(id)),
                    points.stream()
                        .map(
                            point ->
                                Arrays.asList(
                                    point.epoch(),
                                    short6(point.sample().mean()),
                                    short6(point.sample().low()),
                                    short6(point.sample().high()),
                                    point.sample().size(),
                                    short6(point.values())))
                        .toList()));
    return curves;
  }

  /** A value as JSON has it; what is no number is text, and null what has no meaning there. */
  private static Object plain(Object value) {
    return value == null || value instanceof Number ? value : RankingText.value(value);
  }

  private static BigDecimal short6(Double x) {
    return x == null || !Double.isFinite(x) ? null : new BigDecimal(x).round(DIGITS);
  }
}
