package org.grlu.reports;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.grlu.reports.Html.Heading;

/** The page's tables. */
final class PageTables {
  /** How many settings the ranking shows at once. */
  private static final int OPEN = 20;

  /** How many settings it shows at all, and how many failures are shown. */
  private static final int ROWS = 100;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private final SweepReport report;
  private final SweepDescription description;
  private final List<SettingResult> ranked;

  PageTables(SweepReport report) {
    this.report = report;
    this.description = report.description();
    this.ranked = report.settings().stream().filter(s -> s.rank() > 0).toList();
  }

  String selection() {
    String style = description.ranksByTest() ? "warning" : "note";
    return new Html()
        .markup("<p class=\"" + style + "\">")
        .text(RankingText.selection(description))
        .markup("</p>")
        .toString();
  }

  /** The answer, in a sentence or two. */
  String summary() {
    Html out = new Html().markup("<p class=\"answer\">");
    if (ranked.isEmpty()) {
      return out.text("No setting has a result yet.").markup("</p>").toString();
    }
    SettingResult best = ranked.get(0);
    out.markup("Best: <strong>").text(setting(best)).markup("</strong>, ");
    List<String> reached = new ArrayList<>();
    for (String accuracy : List.of(SweepDescription.VALIDATION, SweepDescription.TEST)) {
      Sample sample = best.accuracy().get(accuracy);
      if (sample.mean() != null) {
        String figure = RankingText.percent(sample).replace(' ', '\u00a0');
        reached.add(figure + " " + accuracy.replace("_accuracy", ""));
      }
    }
    out.text(String.join(", ", reached))
        .text(" accuracy over " + count(best.seeds(), "seed") + ". ");
    return out.text(comparisons(best)).markup("</p>").toString();
  }

  /** Those that halving left behind are in no comparison. */
  private String comparisons(SettingResult best) {
    List<SettingResult> others = ranked.subList(1, ranked.size());
    long compared = others.stream().filter(s -> Ranking.comparable(best, s)).count();
    long tied = others.stream().filter(s -> s.comparison().tied()).count();
    long earlier = others.size() - compared;
    List<String> said = new ArrayList<>();
    if (tied > 0) {
      said.add(count(tied, "other setting") + " cannot be told from it.");
    } else if (compared > 0) {
      said.add(
          "Every other setting %sdiffers from it."
              .formatted(earlier > 0 ? "of as many epochs " : ""));
    }
    if (earlier > 0) {
      said.add(
          "%s did fewer epochs, and %s not compared."
              .formatted(count(earlier, "setting"), earlier == 1 ? "was" : "were"));
    }
    return String.join(" ", said);
  }

  private String setting(SettingResult setting) {
    String words = new RankingText(report).setting(setting);
    return words.isEmpty() ? "the only setting" : words;
  }

  private static String count(long n, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
  }

  String asked() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    out.pair("Search", description.search());
    out.pair("Dataset", description.dataset());
    description.parameters().forEach(p -> out.pair(p.path(), p.searched() + scale(p)));
    out.pair(
        "Seeds",
        description.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    out.pair("Epochs", description.epochs());
    out.pair(
        "Settings",
        String.format(
            Locale.ROOT,
            "%,d planned, %,d with results",
            description.settingsPlanned(),
            ranked.size()));
    out.pair(
        "Trials",
        String.format(
            Locale.ROOT,
            "%,d planned, %,d done, %,d diverged, %,d failed, %,d stopped early",
            description.trialsPlanned(),
            count("done"),
            count("diverged"),
            count("failed"),
            count("stopped")));
    out.pair("Command", description.command());
    return out.markup("</tbody></table>").toString();
  }

  private static String scale(SweepDescription.Parameter parameter) {
    return "log".equals(parameter.scale()) ? " (log scale)" : "";
  }

  private long count(String status) {
    return report.trials().stream().filter(trial -> trial.status().equals(status)).count();
  }

  /** Which accuracy is of which images, and which one chose. */
  String columns() {
    Html out =
        new Html()
            .markup(
                "<table><thead><tr><th>Accuracy</th><th>Measured on</th><th>Used for</th></tr></thead><tbody>\n");
    boolean byTest = description.ranksByTest();
    columnRow(out, "train", "the first 1,000 training examples", "nothing");
    columnRow(
        out,
        "validation",
        description.validationExamples() == 0
            ? "there is no validation set"
            : String.format(
                Locale.ROOT,
                "the last %,d training examples, never trained on",
                description.validationExamples()),
        byTest ? "nothing" : "ranking the settings");
    columnRow(
        out,
        "test",
        "the whole test set",
        byTest ? "RANKING THE SETTINGS: optimistic for the best" : "reporting only");
    return out.markup("</tbody></table>").toString();
  }

  private static void columnRow(Html out, String name, String images, String use) {
    out.markup("<tr><th scope=\"row\">").text(name).markup("</th>");
    out.cell("", images).cell("", use).markup("</tr>\n");
  }

  String ranking() {
    boolean validation =
        ranked.stream().anyMatch(s -> s.accuracy().get(SweepDescription.VALIDATION).mean() != null);
    List<Heading> head = new ArrayList<>();
    head.add(new Heading("#", "figure"));
    head.add(new Heading("", ""));
    if (validation) {
      head.add(new Heading("Validation %", "figure"));
    }
    head.add(new Heading("Test %", "figure"));
    head.add(new Heading("95 % interval", ""));
    headings(head);
    List.of("p", "Seeds", "Epochs", "CPU s").forEach(name -> head.add(new Heading(name, "figure")));
    IntervalBars bars =
        IntervalBars.of(ranked.subList(0, Math.min(ROWS, ranked.size())), description.rankBy());
    Html out = new Html().markup("<table id=\"ranking-table\">").head(head).markup("<tbody>\n");
    ranked.stream().limit(OPEN).forEach(s -> rankingRow(out, s, validation, bars));
    out.markup("</tbody></table>");
    if (ranked.size() > OPEN) {
      out.markup("<details><summary>")
          .text("Ranks %d to %d".formatted(OPEN + 1, Math.min(ROWS, ranked.size())))
          .markup("</summary><table>")
          .head(head)
          .markup("<tbody>\n");
      ranked.stream().limit(ROWS).skip(OPEN).forEach(s -> rankingRow(out, s, validation, bars));
      out.markup("</tbody></table></details>");
    }
    if (ranked.size() > ROWS) {
      out.markup("<p class=\"small\">")
          .text(
              String.format(
                  Locale.ROOT,
                  "The best %d of %,d settings; grlu report --format csv prints all.",
                  ROWS,
                  ranked.size()))
          .markup("</p>");
    }
    return out.toString();
  }

  /** Of the parameters, above their values. */
  private void headings(List<Heading> head) {
    for (SweepDescription.Parameter p : report.parameters()) {
      boolean figures =
          report.trials().stream().allMatch(trial -> trial.row().get(p.column()) instanceof Number);
      head.add(new Heading(p.path(), figures ? "figure" : ""));
    }
  }

  /** Under a heading that says per cent. */
  private static String figure(Sample sample) {
    return RankingText.percent(sample).replace(" %", "");
  }

  private void rankingRow(Html out, SettingResult s, boolean validation, IntervalBars bars) {
    boolean top = s.rank() == 1;
    boolean tied = s.comparison().tied();
    out.markup("<tr" + (top ? " class=\"best\"" : tied ? " class=\"tied\"" : "") + ">");
    out.cell("figure", s.rank()).cell("mark", top ? "best" : tied ? "=" : "");
    if (validation) {
      out.cell("figure", figure(s.accuracy().get(SweepDescription.VALIDATION)));
    }
    out.cell("figure", figure(s.accuracy().get(SweepDescription.TEST)));
    out.markup("<td>" + bars.svg(s.accuracy().get(description.rankBy())) + "</td>");
    s.values()
        .values()
        .forEach(v -> out.cell(v instanceof Number ? "figure" : "value", RankingText.value(v)));
    Double p = s.comparison().adjusted();
    out.cell(
        "figure", p == null ? "" : p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p));
    int lost = s.count("diverged") + s.count("failed");
    out.cell("figure", lost == 0 ? s.seeds() : "%d (%d lost)".formatted(s.seeds(), lost));
    out.cell("figure", s.epochs());
    Double cpu = s.cost().get("cpu_seconds").mean();
    out.cell("figure", cpu == null ? "" : String.format(Locale.ROOT, "%,.1f", cpu));
    out.markup("</tr>\n");
  }

  String failures() {
    List<SweepTrial> failed =
        report.trials().stream()
            .filter(trial -> trial.status().equals("failed") || trial.status().equals("diverged"))
            .sorted(Comparator.comparing(SweepTrial::status).thenComparing(SweepTrial::id))
            .toList();
    if (failed.isEmpty()) {
      return "<p>No trial failed or diverged.</p>";
    }
    List<Heading> head = new ArrayList<>();
    List.of("Trial", "Status").forEach(name -> head.add(new Heading(name, "")));
    headings(head);
    List.of("Seed", "Epochs done").forEach(name -> head.add(new Heading(name, "figure")));
    head.add(new Heading("Reason", ""));
    Html out = new Html().markup("<table id=\"failures-table\">").head(head).markup("<tbody>\n");
    for (SweepTrial trial : failed.subList(0, Math.min(ROWS, failed.size()))) {
      out.markup("<tr>")
          .cell("code", trial.id().substring(0, Math.min(12, trial.id().length())))
          .cell("", trial.status());
      for (SweepDescription.Parameter p : report.parameters()) {
        Object value = trial.row().get(p.column());
        out.cell(value instanceof Number ? "figure" : "value", RankingText.value(value));
      }
      out.cell("figure", trial.seed()).cell("figure", trial.epochs());
      out.cell("reason", trial.text("failure").lines().findFirst().orElse("")).markup("</tr>\n");
    }
    out.markup("</tbody></table>");
    String more =
        failed.size() > ROWS ? "The first %d of %,d. ".formatted(ROWS, failed.size()) : "";
    return out.markup("<p class=\"small\">")
        .text(more + "grlu show TRIAL prints one in full.")
        .markup("</p>")
        .toString();
  }

  String costs() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    out.pair("Trials", String.format(Locale.ROOT, "%,d", report.trials().size()));
    out.pair(
        "Epochs",
        String.format(
            Locale.ROOT, "%,d", report.trials().stream().mapToLong(SweepTrial::epochs).sum()));
    out.pair("Forward passes", String.format(Locale.ROOT, "%,.0f", sum("forward_passes")));
    out.pair("CPU time", hours(sum("cpu_seconds")));
    out.pair("Wall time, trials added up", hours(sum("wall_seconds")));
    return out.markup("</tbody></table>").toString();
  }

  private double sum(String column) {
    return report.trials().stream()
        .map(trial -> trial.number(column))
        .filter(x -> x != null)
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  private static String hours(double seconds) {
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : seconds < 7200
            ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
            : String.format(Locale.ROOT, "%,.1f h", seconds / 3600);
  }

  String provenance() {
    Html out = new Html().markup("<table class=\"pairs\"><tbody>\n");
    times(out, "First trial began", "started_at", Comparator.naturalOrder());
    times(out, "Last trial ended", "finished_at", Comparator.reverseOrder());
    distinct(out, "Code", "code_version");
    distinct(out, "Java", "java_version");
    distinct(out, "Spark", "spark_version");
    distinct(out, "Kernels", "kernels");
    distinct(out, "Hosts", "host");
    return out.markup("</tbody></table>").toString();
  }

  private void times(Html out, String name, String column, Comparator<Instant> order) {
    report.trials().stream()
        .map(trial -> trial.time(column))
        .filter(time -> time != null)
        .min(order)
        .ifPresent(time -> out.pair(name, TIME.format(time)));
  }

  private void distinct(Html out, String name, String column) {
    List<String> values =
        report.trials().stream().map(trial -> trial.text(column)).distinct().sorted().toList();
    int shown = Math.min(10, values.size());
    String more = values.size() > shown ? " and %d more".formatted(values.size() - shown) : "";
    out.pair(name, String.join(", ", values.subList(0, shown)) + more);
  }
}
