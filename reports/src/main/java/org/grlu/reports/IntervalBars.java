package org.grlu.reports;

import java.util.List;
import java.util.Locale;

/** Means with their intervals as small pictures on one common axis. */
final class IntervalBars {
  private static final int WIDTH = 100;
  private static final int HEIGHT = 14;
  private static final int EDGE = 4;

  private final double low;
  private final double high;

  private IntervalBars(double low, double high) {
    this.low = low;
    this.high = high;
  }

  /**
   * The axis of the better half, and of those that came as far as the best: one that failed or was
   * stopped would leave no room for what matters.
   */
  static IntervalBars of(List<SettingResult> settings, Goal goal) {
    List<Sample> samples =
        settings.subList(0, (settings.size() + 1) / 2).stream()
            .filter(setting -> Ranking.comparable(settings.get(0), setting))
            .map(setting -> setting.reached(goal))
            .toList();
    double low = samples.stream().mapToDouble(IntervalBars::low).min().orElse(0);
    double high = samples.stream().mapToDouble(IntervalBars::high).max().orElse(1);
    return new IntervalBars(low, high > low ? high : low + 1e-9);
  }

  private static double low(Sample s) {
    return s.low() == null ? s.mean() : s.low();
  }

  private static double high(Sample s) {
    return s.high() == null ? s.mean() : s.high();
  }

  /** Names the goal's interval and the axis. */
  String heading(Goal goal) {
    return String.format(
        Locale.ROOT, "95 %% interval, %.1f to %.1f", goal.times() * low, goal.times() * high);
  }

  /** An SVG element; what lies beyond the axis is cut off, a mean there is an arrow. */
  String svg(Sample sample) {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"bar\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT));
    if (sample.high() != null) {
      out.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"7\" y2=\"7\"/>",
              at(sample.low()),
              at(sample.high())));
    }
    if (at(sample.mean()) < 0) {
      return out.append("<path d=\"M7 4 4 7l3 3\"/></svg>").toString();
    }
    if (at(sample.mean()) > WIDTH) {
      return out.append("<path d=\"M93 4 96 7l-3 3\"/></svg>").toString();
    }
    out.append(
        String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"7\" r=\"3\"/>", at(sample.mean())));
    return out.append("</svg>").toString();
  }

  private double at(double x) {
    return EDGE + (WIDTH - 2 * EDGE) * (x - low) / (high - low);
  }
}
