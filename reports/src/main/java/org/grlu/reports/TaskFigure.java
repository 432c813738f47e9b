package org.grlu.reports;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said of tasks that were learnt one after another: a column, and how people read it. */
public enum TaskFigure {
  ACCURACY(
      "average_accuracy",
      "ACC",
      "Mean accuracy on all tasks, after the last of them.",
      "%.2f",
      "%"),
  BACKWARD(
      "backward_transfer",
      "BWT",
      "How the accuracy on earlier tasks has changed since each was learnt, in points: below 0 it"
          + " got lost, above 0 later tasks have helped.",
      "%+.2f",
      ""),
  FORGETTING(
      "forgetting",
      "Forgetting",
      "How far earlier tasks have fallen from the best that each ever was, in points.",
      "%.2f",
      ""),
  LEARNING(
      "learning_accuracy",
      "Learning accuracy",
      "Mean accuracy on each task right after it was learnt: what is missing here was not learnt,"
          + " rather than forgotten.",
      "%.2f",
      "%");

  /** Those that a ranking has room for. */
  static final List<TaskFigure> RANKED = List.of(ACCURACY, BACKWARD, FORGETTING);

  final String column;
  final String title;
  final String sentence;
  private final String format;
  private final String unit;

  TaskFigure(String column, String title, String sentence, String format, String unit) {
    this.column = column;
    this.title = title;
    this.sentence = sentence;
    this.format = format;
    this.unit = unit;
  }

  /** In per cent, or in points; empty where there is none. */
  String figure(Double share) {
    if (share == null || !Double.isFinite(share)) {
      return "";
    }
    // no sign before what is rounded to nothing
    double points = Math.rint(1e4 * share) / 100 + 0.0;
    return String.format(Locale.ROOT, format, points);
  }

  /** The same with its unit. */
  String text(Double share) {
    String figure = figure(share);
    return figure.isEmpty() ? "" : figure + unit;
  }

  /** Its heading above figures alone. */
  String heading() {
    return unit.isEmpty() ? title : title + " " + unit;
  }

  /**
   * All of them in one line, "ACC 97.10%, BWT -1.20, ..."; empty where there are none.
   *
   * @param row of the table of trials, or what has the same columns
   */
  public static String line(Map<String, ?> row) {
    return Stream.of(values())
        .filter(figure -> !figure.text(figure.of(row)).isEmpty())
        .map(figure -> figure.title + " " + figure.text(figure.of(row)))
        .collect(Collectors.joining(", "));
  }

  /** All of them as cards for a page, each with its sentence. */
  static String html(Map<String, ?> row) {
    Html out = new Html().markup("<dl class=\"figures\">\n");
    for (TaskFigure figure : values()) {
      String text = figure.text(figure.of(row)).replace('-', '\u2212');
      if (!text.isEmpty()) {
        out.markup("<div><dt>").text(figure.title).markup("</dt><dd><strong>").text(text);
        out.markup("</strong><span>").text(figure.sentence).markup("</span></dd></div>\n");
      }
    }
    return out.markup("</dl>\n").toString();
  }

  private Double of(Map<String, ?> row) {
    return row.get(column) instanceof Double x ? x : null;
  }
}
