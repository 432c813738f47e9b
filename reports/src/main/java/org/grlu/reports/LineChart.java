package org.grlu.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines by epoch, or by another number, as an SVG element that needs no script. */
final class LineChart {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 250;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 24;
  private static final int BOTTOM = 40;

  /** How many points of a line are drawn at most, and up to how many each has a dot. */
  private static final int POINTS = 400;

  private static final int DOTS = 60;

  /** How many lines are told apart. */
  static final int LINES = 10;

  /** Told apart on light and on dark ground: those of the sweep's curves. */
  private static final List<String> COLOURS =
      List.of(
          "#4e79a7", "#f28e2c", "#e15759", "#76b7b2", "#59a14f", "#edc949", "#af7aa1", "#ff9da7",
          "#9c755f", "#bab0ab");

  /**
   * A line.
   *
   * @param values by epoch, from the first that is given; null where there is none
   */
  record Line(String name, List<Double> values) {}

  private final String axis;
  private final List<Integer> epochs;
  private final List<Line> lines;
  private final double low;
  private final double high;
  private final double step;
  private final String format;

  private LineChart(String axis, List<Integer> epochs, List<Line> lines, double low, double high) {
    this.axis = axis;
    this.epochs = epochs;
    this.lines = lines;
    double pad = high > low ? (high - low) * 0.05 : Math.max(1e-3, Math.abs(high) * 0.01);
    this.low = low - pad;
    this.high = high + pad;
    this.step = step(this.high - this.low);
    int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    this.format = "%." + digits + "f";
  }

  /**
   * A chart with its title and, of several lines, its legend; empty where no line has a value.
   *
   * @param epochs the points' places, rising
   */
  static String html(String title, List<Integer> epochs, List<Line> lines) {
    return html(title, "epoch", epochs, lines);
  }

  /**
   * The same by something else than epochs.
   *
   * @param axis what it is
   */
  static String html(String title, String axis, List<Integer> epochs, List<Line> lines) {
    List<Line> known =
        lines.stream()
            .map(
                line ->
                    new Line(line.name(), line.values().stream().map(LineChart::finite).toList()))
            .filter(line -> line.values().stream().anyMatch(x -> x != null))
            .toList();
    double[] all =
        known.stream()
            .flatMap(line -> line.values().stream())
            .filter(x -> x != null)
            .mapToDouble(x -> x)
            .sorted()
            .toArray();
    return all.length == 0
        ? ""
        : new LineChart(axis, epochs, known, all[0], all[all.length - 1]).drawn(title);
  }

  private static Double finite(Double x) {
    return x != null && Double.isFinite(x) ? x : null;
  }

  /** 1, 2 or 5 times a power of ten, so that about five fit. */
  private static double step(double range) {
    double power = Math.pow(10, Math.floor(Math.log10(range / 5)));
    double times = range / 5 / power;
    return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
  }

  private double x(int epoch) {
    int first = epochs.get(0);
    int last = epochs.get(epochs.size() - 1);
    double share = first == last ? 0.5 : (double) (epoch - first) / (last - first);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private String drawn(String title) {
    Html out = new Html();
    out.markup("<div class=\"drawn\"><svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\"");
    out.markup(" role=\"img\" aria-label=\"").text(title + " by " + axis).markup("\">\n");
    out.markup("<text class=\"label\" x=\"4\" y=\"14\">").text(title).markup("</text>\n");
    axes(out);
    for (int i = 0; i < lines.size(); i++) {
      line(out, lines.get(i), colour(i));
    }
    out.markup("</svg>\n");
    if (lines.size() > 1) {
      out.markup("<div class=\"legend\">");
      for (int i = 0; i < lines.size(); i++) {
        out.markup("<span><i style=\"background:" + colour(i) + "\"></i>")
            .text(lines.get(i).name())
            .markup("</span>");
      }
      out.markup("</div>");
    }
    return out.markup("</div>\n").toString();
  }

  private static String colour(int line) {
    return COLOURS.get(line % COLOURS.size());
  }

  private void axes(Html out) {
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      out.markup(
          String.format(
              Locale.ROOT,
              "<g class=\"tick grid\"><line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text></g>\n",
              LEFT,
              WIDTH - RIGHT,
              y(i * step),
              y(i * step),
              LEFT - 6,
              y(i * step) + 4,
              String.format(Locale.ROOT, format, i * step)));
    }
    int first = epochs.get(0);
    int last = epochs.get(epochs.size() - 1);
    int apart = (int) Math.max(1, Math.ceil(step((last - first) / 1.6 + 1e-9)));
    for (int epoch = first; epoch <= last; epoch++) {
      if (epoch == first || (epoch % apart == 0 && epoch - first >= apart / 2.0)) {
        out.markup(
            String.format(
                Locale.ROOT,
                "<g class=\"tick\"><text text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%d</text></g>\n",
                x(epoch),
                HEIGHT - BOTTOM + 16,
                epoch));
      }
    }
    int middle = (LEFT + WIDTH - RIGHT) / 2;
    out.markup("<text class=\"label\" text-anchor=\"middle\" x=\"" + middle);
    out.markup("\" y=\"" + (HEIGHT - 6) + "\">" + axis + "</text>\n");
  }

  private void line(Html out, Line line, String colour) {
    List<Integer> points = points(line);
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i : points) {
      Double value = line.values().get(i);
      if (value != null) {
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(epochs.get(i)), y(value)));
      }
      pen = value != null;
    }
    out.markup(
        "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"%s\"/>\n"
            .formatted(colour, path));
    if (points.size() > DOTS) {
      return;
    }
    for (int i : points) {
      Double value = line.values().get(i);
      if (value != null) {
        out.markup(
                String.format(
                    Locale.ROOT,
                    "<circle r=\"3\" fill=\"%s\" cx=\"%.1f\" cy=\"%.1f\"><title>",
                    colour,
                    x(epochs.get(i)),
                    y(value)))
            .text(
                String.format(
                    Locale.ROOT, "%s, %s %d: %.4g", line.name(), axis, epochs.get(i), value))
            .markup("</title></circle>\n");
      }
    }
  }

  /** All of a line's points, or of very many some, the last one among them. */
  private static List<Integer> points(Line line) {
    int size = line.values().size();
    int every = (size + POINTS - 1) / POINTS;
    List<Integer> points = new ArrayList<>();
    for (int i = (size - 1) % every; i < size; i += every) {
      points.add(i);
    }
    return points;
  }
}
