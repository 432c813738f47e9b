package org.grlu.reports;

import java.io.IOException;
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
  /** How many failures are shown. */
  private static final int ROWS = RankingTable.ROWS;

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SweepReport report;
  private final SweepDescription description;
  private final List<SettingResult> ranked;

  PageTables(SweepReport report) {
    this.report = report;
    this.description = report.description();
    this.ranked = report.settings().stream().filter(s -> s.rank() > 0).toList();
  }

  String selection() throws IOException {
    String style = description.ranksByTest() ? "warning" : "note";
    Html out =
        new Html()
            .markup("<p class=\"" + style + "\">")
            .text(RankingText.selection(description))
            .markup("</p>");
    if (report.leftOut() > 0) {
      out.markup("<p class=\"note\">").text(RankingText.leftOut(report.leftOut())).markup("</p>");
    }
    report
        .missingEpochs()
        .ifPresent(line -> out.markup("<p class=\"warning\">").text(line).markup("</p>"));
    return out.toString();
  }

  /** The answer, in a sentence or two. */
  String summary() {
    Html out = new Html().markup("<p class=\"answer\">");
    if (ranked.isEmpty()) {
      return out.text(none()).markup("</p>").toString();
    }
    SettingResult best = ranked.get(0);
    out.markup("Best: <strong>").text(setting(best)).markup("</strong>, ");
    List<String> reached = new ArrayList<>();
    for (String accuracy : List.of(SweepDescription.VALIDATION, SweepDescription.TEST)) {
      Sample sample = best.accuracy().get(accuracy);
      if (sample.mean() != null) {
        String figure = AccuracyText.of(sample).replace(' ', '\u00a0');
        reached.add(figure + " " + accuracy.replace("_accuracy", ""));
      }
    }
    out.text(String.join(", ", reached))
        .text(
            " accuracy"
                + (best.seeds() > 1 ? " (mean and 95 % interval)" : "")
                + " over "
                + count(best.seeds(), "seed")
                + ". ");
    return out.text(comparisons(best)).markup("</p>").toString();
  }

  /** Why there is no answer: for now, or for good. */
  private String none() {
    long over = report.trials().size();
    if (over == 0) {
      return "No setting has a result yet.";
    }
    List<String> ended = new ArrayList<>();
    for (TrialStatus status :
        List.of(TrialStatus.DONE, TrialStatus.DIVERGED, TrialStatus.FAILED, TrialStatus.STOPPED)) {
      if (count(status) > 0) {
        ended.add(String.format(Locale.ROOT, "%,d %s", count(status), status.word()));
      }
    }
    return over < description.trialsPlanned()
        ? "No setting has a result yet: of %s %s."
            .formatted(count(description.trialsPlanned(), "trial"), String.join(", ", ended))
        : "No setting has a result, and all is over: of %s %s."
            .formatted(count(over, "trial"), String.join(", ", ended));
  }

  /** Those that halving left behind are in no comparison. */
  private String comparisons(SettingResult best) {
    List<SettingResult> others = ranked.subList(1, ranked.size());
    long compared = others.stream().filter(s -> Ranking.comparable(best, s)).count();
    long tied = others.stream().filter(s -> s.comparison().tied()).count();
    long earlier = others.size() - compared;
    List<String> said = new ArrayList<>();
    if (compared > 0 && RankingTable.oneSeed(ranked)) {
      said.add(RankingTable.ONE_SEED);
    } else if (tied > 0) {
      said.add(count(tied, "other setting") + " cannot be told from it.");
    } else if (compared > 0) {
      said.add(
          "%s setting %sdiffers from it."
              .formatted(
                  compared == 1 ? "The other" : "Every other",
                  earlier > 0 ? "of as many epochs " : ""));
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
            count(TrialStatus.DONE),
            count(TrialStatus.DIVERGED),
            count(TrialStatus.FAILED),
            count(TrialStatus.STOPPED)));
    out.pair("Command", description.command());
    return out.markup("</tbody></table>").toString();
  }

  private static String scale(SweepDescription.Parameter parameter) {
    return "log".equals(parameter.scale()) ? " (log scale)" : "";
  }

  private long count(TrialStatus status) {
    return report.trials().stream().filter(trial -> trial.status() == status).count();
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
            : "the last %s, never trained on"
                .formatted(count(description.validationExamples(), "training example")),
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
    return new RankingTable(report, ranked).html();
  }

  /** Of streams with tasks: what the best setting keeps of them. */
  String tasks() throws IOException {
    TaskMatrix matrix = ranked.isEmpty() ? null : report.matrix(ranked.get(0));
    if (matrix == null || matrix.isEmpty()) {
      return "";
    }
    SettingResult best = ranked.get(0);
    return new Html()
        .markup("<section id=\"tasks\">\n<h2>Tasks, one after another</h2>\n<p>The best setting, ")
        .markup("<strong>")
        .text(setting(best))
        .markup("</strong>: means over ")
        .text(count(best.seeds(), "seed") + ".")
        .markup("</p>\n")
        .markup(TaskFigure.html(best.taskMeans()))
        .markup(matrix.html())
        .markup("</section>")
        .toString();
  }

  String failures() {
    List<SweepTrial> failed =
        report.trials().stream()
            .filter(
                trial ->
                    trial.status() == TrialStatus.FAILED || trial.status() == TrialStatus.DIVERGED)
            .sorted(Comparator.comparing(SweepTrial::status).thenComparing(SweepTrial::id))
            .toList();
    if (failed.isEmpty()) {
      return "<p>No trial failed or diverged.</p>";
    }
    List<Heading> head = new ArrayList<>();
    List.of("Trial", "Status").forEach(name -> head.add(Heading.of(name, "")));
    head.addAll(RankingTable.parameters(report));
    List.of("Seed", "Epochs done").forEach(name -> head.add(Heading.of(name, "figure")));
    head.add(Heading.of("Reason", ""));
    Html out = new Html().markup("<table id=\"failures-table\">").head(head).markup("<tbody>\n");
    for (SweepTrial trial : failed.subList(0, Math.min(ROWS, failed.size()))) {
      out.markup("<tr>")
          .cell("code", trial.id().substring(0, Math.min(12, trial.id().length())))
          .cell("", trial.status().word());
      for (SweepDescription.Parameter p : report.parameters()) {
        Object value = trial.row().get(p.column());
        out.cell(value instanceof Number ? "figure" : "value", RankingText.value(value));
      }
      out.cell("figure", trial.seed()).cell("figure", trial.epochs());
      out.cell("reason", trial.text("failure").lines().findFirst().orElse("")).markup("</tr>\n");
    }
    out.markup("</tbody></table>");
    String more =
        failed.size() > ROWS
            ? String.format(Locale.ROOT, "The first %d of %,d. ", ROWS, failed.size())
            : "";
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

  static String hours(double seconds) {
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
        report.trials().stream()
            .map(trial -> trial.text(column))
            .filter(text -> !text.isEmpty())
            .distinct()
            .sorted()
            .toList();
    if (values.isEmpty()) {
      return;
    }
    int shown = Math.min(10, values.size());
    String more = values.size() > shown ? " and " + (values.size() - shown) + " more" : "";
    out.pair(name, String.join(", ", values.subList(0, shown)) + more);
  }
}
