package org.grlu.reports;

import java.util.List;
import java.util.Locale;

/** What parameters decide, for the page: a table whose rows are a bar chart. */
final class ImportanceTable {
  private static final int WIDTH = 260;

  private ImportanceTable() {}

  /** Empty where nothing can be said. */
  static String html(SweepReport report) {
    List<SettingResult> ranked = report.settings().stream().filter(s -> s.rank() > 0).toList();
    Goal goal = report.description().goal();
    List<Importance> all = Importance.of(report.settings(), report.parameters(), goal);
    List<String> ends = RangeEnds.of(ranked, report.parameters());
    if (all.isEmpty() && ends.isEmpty()) {
      return "";
    }
    Html out = new Html().markup("<section id=\"importance\">\n<h2>What matters</h2>\n");
    if (!all.isEmpty()) {
      out.markup("<p class=\"small\">")
          .text(
              "How much each parameter decides: the share of the variance of "
                  + goal.title()
                  + " between settings that a small forest of trees can no longer predict where the parameter\u2019s values"
                  + " are shuffled (permutation importance, on settings that the forest has not seen). In"
                  + " brackets, and as a line, the 95 % interval by bootstrap over settings. Parameters that"
                  + " act together each count what they share.")
          .markup("</p>\n<div class=\"wide\"><table id=\"importance-table\"><tbody>\n");
      all.forEach(each -> row(out, each));
      out.markup("</tbody></table></div>\n");
    }
    ends.forEach(line -> out.markup("<p class=\"end\">").text(line).markup("</p>\n"));
    return out.markup("</section>\n").toString();
  }

  private static void row(Html out, Importance each) {
    out.markup(String.format(Locale.ROOT, "<tr data-share=\"%.6f\">", each.share()));
    out.cell("", each.path());
    out.cell(
        "figure",
        String.format(
            Locale.ROOT,
            "%.0f%% [%.0f, %.0f]",
            100 * shown(each.share()),
            100 * shown(each.low()),
            100 * shown(each.high())));
    out.markup("<td class=\"drawn\">")
        .markup(
            String.format(
                Locale.ROOT,
                "<svg class=\"share\" width=\"%1$d\" height=\"14\" viewBox=\"0 0 %1$d 14\""
                    + " aria-hidden=\"true\"><rect x=\"0\" y=\"3\" width=\"%2$.1f\" height=\"8\"/>"
                    + "<line x1=\"%3$.1f\" x2=\"%4$.1f\" y1=\"7\" y2=\"7\"/></svg>",
                WIDTH,
                at(each.share()),
                at(each.low()),
                at(each.high())))
        .markup("</td></tr>\n");
  }

  /** What shuffling did not harm is 0. */
  private static double shown(double share) {
    return Math.max(0, share);
  }

  private static double at(double share) {
    return WIDTH * Math.min(1, shown(share));
  }
}
