package org.grlu.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.reports.Html.Heading;

/**
 * Two runs or two sweeps beside each other: tables of figures, each once for a page and once for a
 * terminal.
 *
 * @param first what the first is called
 * @param second what the second is called
 * @param notes a sentence each
 * @param tables by title
 * @param charts as markup
 */
public record Comparison(
    String first, String second, List<String> notes, Map<String, Rows> tables, String charts) {

  /**
   * Rows below a head.
   *
   * @param head of the columns
   * @param rows as many cells each; all but the first are figures
   */
  record Rows(List<String> head, List<List<String>> rows) {}

  /** The page. */
  public String html() throws IOException {
    Map<String, String> parts = new HashMap<>();
    parts.put("title", Html.escaped(first + " and " + second));
    parts.put("style", Page.resource("page.css") + Page.resource("run.css"));
    Html said = new Html();
    notes.forEach(note -> said.markup("<p>").text(note).markup("</p>\n"));
    parts.put("summary", said.toString());
    Html out = new Html();
    tables.forEach(
        (title, table) -> {
          out.markup("<section>\n<h2>").text(title).markup("</h2>\n<div class=\"wide\"><table>");
          List<Heading> headings = new ArrayList<>();
          for (int i = 0; i < table.head.size(); i++) {
            headings.add(Heading.of(table.head.get(i), i == 0 ? "" : "figure"));
          }
          out.head(headings).markup("<tbody>\n");
          for (List<String> row : table.rows) {
            out.markup("<tr>");
            for (int i = 0; i < row.size(); i++) {
              out.cell(i == 0 ? "" : "figure", row.get(i));
            }
            out.markup("</tr>\n");
          }
          out.markup("</tbody></table></div>\n</section>\n");
        });
    parts.put("tables", out.toString());
    parts.put("charts", charts);
    return Page.filled("compare.html", parts);
  }

  /** The same for a terminal. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("A: " + first, "B: " + second));
    lines.addAll(notes);
    tables.forEach(
        (title, table) -> {
          lines.add("");
          lines.add(title);
          int[] widths = new int[table.head.size()];
          List<List<String>> all = new ArrayList<>(List.of(table.head));
          all.addAll(table.rows);
          for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
              widths[i] = Math.max(widths[i], row.get(i).length());
            }
          }
          for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
              String pad = " ".repeat(widths[i] - row.get(i).length());
              line.append("  ").append(i == 0 ? row.get(i) + pad : pad + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
          }
        });
    return lines;
  }

  /** A difference of two shares, in points, with its sign. */
  static String points(Double x) {
    return x == null ? "" : String.format(Locale.ROOT, "%+.2f", 100 * x);
  }

  /** An empty map that keeps the order of what is put. */
  static Map<String, Rows> inOrder() {
    return new LinkedHashMap<>();
  }
}
