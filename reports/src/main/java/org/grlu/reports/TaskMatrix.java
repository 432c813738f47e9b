package org.grlu.reports;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The matrix R: the test accuracy on each task (to the right) after each that was learnt
 * (downwards). Of several trials it is the mean.
 */
public final class TaskMatrix {
  static final String ACCURACIES = "task_accuracy";

  /** How many tasks are shown at most, each way. */
  private static final int MOST = 20;

  /** From which depth on text is white. */
  private static final double WHITE = 0.65;

  private final List<List<Double>> rows;

  /** By row, ACC of the tasks until then. */
  private final List<Double> soFar;

  private TaskMatrix(List<List<Double>> rows, List<Double> soFar) {
    this.rows = rows;
    this.soFar = soFar;
  }

  /**
   * Of rows of the table of epochs; of no tasks where none of them ends one.
   *
   * @param epochs of one trial, or of several of one setting, in any order
   */
  public static TaskMatrix of(Collection<Map<String, Object>> epochs) {
    String average = TaskFigure.ACCURACY.column;
    // an epoch ends a task where there are figures of those so far
    Map<Integer, List<Map<String, Object>>> ends = new TreeMap<>();
    for (Map<String, Object> row : epochs) {
      if (row.get(average) != null && row.get(ACCURACIES) instanceof List<?>) {
        ends.computeIfAbsent((Integer) row.get("epoch"), epoch -> new ArrayList<>()).add(row);
      }
    }
    List<List<Double>> rows = new ArrayList<>();
    List<Double> soFar = new ArrayList<>();
    for (List<Map<String, Object>> seeds : ends.values()) {
      int tasks = ((List<?>) seeds.get(0).get(ACCURACIES)).size();
      List<Double> means = new ArrayList<>();
      for (int s = 0; s < tasks; s++) {
        int task = s;
        means.add(mean(seeds.stream().map(row -> ((List<?>) row.get(ACCURACIES)).get(task))));
      }
      rows.add(means);
      soFar.add(mean(seeds.stream().map(row -> row.get(average))));
    }
    return new TaskMatrix(rows, soFar);
  }

  private static Double mean(Stream<Object> seeds) {
    return seeds.mapToDouble(x -> (Double) x).average().orElse(Double.NaN);
  }

  /** Whether no task was learnt. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The first, the last, and what is spread evenly between them; counted from 0. */
  private static List<Integer> shown(int count) {
    int most = Math.min(MOST, count);
    return IntStream.range(0, most)
        .map(i -> most == 1 ? 0 : (int) Math.round(i * (count - 1.0) / (most - 1)))
        .boxed()
        .toList();
  }

  /** A table whose cells are coloured by what they hold. */
  String html() {
    int tasks = rows.get(0).size();
    Html out = new Html();
    out.markup(
        "<div class=\"wide\"><table class=\"matrix\">\n<thead><tr><th class=\"corner\">on task</th>");
    for (int s : shown(tasks)) {
      out.markup("<th scope=\"col\">").text(s + 1).markup("</th>");
    }
    out.markup("<th scope=\"col\" class=\"so-far\">mean so far</th></tr></thead>\n<tbody>\n");
    for (int t : shown(rows.size())) {
      out.markup("<tr><th scope=\"row\">").text("after task " + (t + 1)).markup("</th>");
      for (int s : shown(tasks)) {
        cell(out, t, s);
      }
      out.markup("<td class=\"so-far\">").text(percent(soFar.get(t))).markup("</td></tr>\n");
    }
    out.markup("</tbody></table></div>\n<p class=\"small\">")
        .text(
            "Test accuracy in per cent. Framed: a task right after it was learnt. To the left of it:"
                + " what is left of earlier tasks. To the right: tasks that had not come yet.")
        .text(tasks > MOST ? " " + MOST + " of " + tasks + " tasks are shown." : "");
    return out.markup("</p>\n").toString();
  }

  private void cell(Html out, int t, int s) {
    Double share = rows.get(t).get(s);
    String style = t == s ? "learnt" : s > t ? "later" : "earlier";
    out.markup("<td");
    out.markup(share.isNaN() ? " class=\"" + style + "\"" : shade("is-right " + style, share));
    out.markup(" title=\"")
        .text("on task " + (s + 1) + " after task " + (t + 1))
        .markup("\">")
        .text(percent(share))
        .markup("</td>");
  }

  /**
   * Attributes of a cell whose colour page.css mixes, on dark pages too.
   *
   * @param depth of the colour, from 0 to 1
   */
  static String shade(String classes, double depth) {
    return String.format(
        Locale.ROOT,
        " class=\"%s%s\" style=\"--depth:%.1f%%\"",
        classes,
        depth >= WHITE ? " deep" : "",
        100 * depth);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  /** For a terminal: a line of headings and one for each task that was learnt. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (isEmpty()) {
      return lines;
    }
    // as many as 80 columns have room for
    int width = Math.min(MOST / 2, rows.get(0).size());
    StringBuilder head = new StringBuilder("on task      ");
    for (int s = 0; s < width; s++) {
      head.append(String.format(Locale.ROOT, "%6d", s + 1));
    }
    lines.add(head.toString());
    for (int t : shown(rows.size())) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "after task %2d", t + 1));
      for (int s = 0; s < width; s++) {
        line.append(String.format(Locale.ROOT, "%6s", percent(rows.get(t).get(s))));
      }
      lines.add(line.toString());
    }
    if (width < rows.get(0).size()) {
      lines.add("the first " + width + " of " + rows.get(0).size() + " tasks");
    }
    return lines;
  }
}
