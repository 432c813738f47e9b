package org.grlu.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.reports.Html.Heading;

/** The page's table of settings, the best first. On a narrow screen each row is a few lines. */
final class RankingTable {
  /** How many settings show at once. */
  private static final int OPEN = 20;

  static final String ONE_SEED =
      "Each setting ran with one seed: which of them is the better one cannot be told.";

  private static final String FRONT =
      "1: no setting is better in all goals. 2: the same without those of front 1, and so on.";

  /** How many there are at all. */
  static final int ROWS = 100;

  private final SweepReport report;
  private final SweepDescription description;
  private final List<SettingResult> ranked;
  private final Map<String, String> names;
  private final boolean validation;
  private final boolean fronts;

  /** What settings are ranked by and no other column has. */
  private final List<Goal> goals;

  private final IntervalBars bars;

  RankingTable(SweepReport report, List<SettingResult> ranked) {
    this.report = report;
    this.description = report.description();
    this.ranked = ranked;
    this.names = ShortNames.ofParameters(report.parameters());
    this.validation =
        ranked.stream().anyMatch(s -> s.accuracy().get(SweepDescription.VALIDATION).mean() != null);
    this.fronts = description.rankBy().size() > 1;
    this.goals = description.rankBy().stream().filter(RankingText::isApart).toList();
    this.bars =
        IntervalBars.of(ranked.subList(0, Math.min(ROWS, ranked.size())), description.goal());
  }

  private static String minus(String figures) {
    return figures.replace('-', '\u2212');
  }

  String html() {
    if (ranked.isEmpty()) {
      return "<p id=\"unranked\">There is nothing to rank.</p>";
    }
    Html out = new Html();
    out.markup("<p class=\"small\">")
        .text(
            oneSeed(ranked)
                ? ONE_SEED
                : "Mean over seeds ["
                    + RankingText.INTERVAL
                    + "]. Settings marked = cannot be told from the best: paired t test over common"
                    + " seeds, p corrected for all comparisons (Holm), p > 0.05 or too few seeds in"
                    + " common. In the column of intervals all stand on one axis; an arrow is a mean"
                    + " beyond its end.")
        .markup("</p>");
    out.markup("<div class=\"wide\"><table id=\"ranking-table\" class=\"ranking\">");
    rows(out, 0, OPEN).markup("</table></div>");
    if (ranked.size() > OPEN) {
      int last = Math.min(ROWS, ranked.size());
      String which = last == OPEN + 1 ? "Rank " + last : "Ranks " + (OPEN + 1) + " to " + last;
      out.markup("<details><summary>").text(which).markup("</summary>");
      out.markup("<div class=\"wide\"><table class=\"ranking\">");
      rows(out, OPEN, ROWS).markup("</table></div></details>");
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

  /** Whether no setting has a second seed, so that nothing is known of what seeds do. */
  static boolean oneSeed(List<SettingResult> settings) {
    return settings.stream().allMatch(setting -> setting.seeds() < 2);
  }

  private Html rows(Html out, int from, int to) {
    List<Heading> head = new ArrayList<>();
    head.add(Heading.of("#", "figure"));
    head.add(Heading.of("", ""));
    if (validation) {
      head.add(Heading.of("Validation %", "figure"));
    }
    head.add(Heading.of("Test %", "figure"));
    head.add(Heading.of(bars.heading(description.goal()), ""));
    goals.forEach(goal -> head.add(new Heading(goal.heading(), goal.column(), "figure")));
    if (fronts) {
      head.add(new Heading("Front", FRONT, "figure"));
    }
    if (report.hasTasks()) {
      TaskFigure.RANKED.forEach(
          figure -> head.add(new Heading(figure.heading(), figure.sentence, "figure")));
    }
    head.addAll(parameters(report));
    if (report.seenDiffers()) {
      head.add(new Heading("Slow system has seen", "features_seen", ""));
    }
    List.of("p", "Seeds", "Epochs", "CPU s").forEach(name -> head.add(Heading.of(name, "figure")));
    out.head(head).markup("<tbody>\n");
    ranked.subList(from, Math.min(to, ranked.size())).forEach(s -> row(out, s));
    return out.markup("</tbody>");
  }

  /** Headings above parameters' values. */
  static List<Heading> parameters(SweepReport report) {
    Map<String, String> names = ShortNames.ofParameters(report.parameters());
    return report.parameters().stream()
        .map(p -> new Heading(names.get(p.path()), p.path(), figures(report, p) ? "figure" : ""))
        .toList();
  }

  private static boolean figures(SweepReport report, SweepDescription.Parameter parameter) {
    return report.trials().stream()
        .map(trial -> trial.row().get(parameter.column()))
        .allMatch(value -> value == null || value instanceof Number);
  }

  private void row(Html out, SettingResult s) {
    boolean top = s.rank() == 1;
    boolean tied = s.comparison().tied() && !oneSeed(ranked);
    out.markup(
        "<tr data-rank=\""
            + s.rank()
            + "\""
            + (top ? " class=\"best\"" : tied ? " class=\"tied\"" : "")
            + ">");
    out.cell("figure", s.rank()).cell("mark", top ? "best" : tied ? "=" : "");
    if (validation) {
      out.named(
          "figure reached",
          "validation",
          AccuracyText.figure(s.accuracy().get(SweepDescription.VALIDATION)));
    }
    out.named(
        "figure reached", "test", AccuracyText.figure(s.accuracy().get(SweepDescription.TEST)));
    out.markup("<td class=\"drawn\">")
        .markup(bars.svg(s.reached(description.goal())))
        .markup("</td>");
    for (Goal goal : goals) {
      out.named("figure reached", goal.title(), minus(goal.cell(s.reached(goal))));
    }
    if (fronts) {
      out.named("figure reached", "front", s.front());
    }
    if (report.hasTasks()) {
      for (TaskFigure figure : TaskFigure.RANKED) {
        String mean = figure.figure(s.tasks().get(figure.column).mean());
        out.named("figure reached", figure.title, minus(mean));
      }
    }
    for (SweepDescription.Parameter p : report.parameters()) {
      Object value = s.values().get(p.column());
      String style = value instanceof Number ? "figure asked" : "value asked";
      out.named(style, names.get(p.path()), RankingText.value(value));
    }
    if (report.seenDiffers()) {
      out.named("seen asked", "seen", s.seen());
    }
    Double p = s.comparison().adjusted();
    String shown = p == null ? "" : p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    out.named("figure rest", "p", shown);
    int lost = s.count(TrialStatus.DIVERGED) + s.count(TrialStatus.FAILED);
    out.named("figure rest", "seeds", lost == 0 ? s.seeds() : s.seeds() + " (" + lost + " lost)");
    out.named("figure rest", "epochs", s.epochs());
    Double cpu = s.cost().get("cpu_seconds").mean();
    String seconds = cpu == null ? "" : String.format(Locale.ROOT, "%,.1f", cpu);
    out.named("figure rest", "CPU s", seconds).markup("</tr>\n");
  }
}
