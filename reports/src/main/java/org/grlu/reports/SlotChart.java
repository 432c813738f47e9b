package org.grlu.reports;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grlu.reports.Timeline.Cut;
import org.grlu.reports.Timeline.Span;

/**
 * When a sweep's trials ran: a bar for each, in the lanes of a {@link Timeline}; where these are
 * too many, how many trials ran at a time. An SVG element whose places are in per cent, so that it
 * is as wide as its page and its text keeps its size.
 */
final class SlotChart {
  private static final int MOST_LANES = 32;
  private static final int MOST_BARS = 6_000;

  /** More bars have no label of their own. */
  private static final int MOST_LABELS = 1_000;

  private static final int PARTS = 200;
  private static final int AXIS = 24;
  private static final int AREA = 140;

  /** Bars that are narrower, in per cent, are drawn as one with those beside them. */
  private static final double NARROW = 0.1;

  /** Of all cuts together, in per cent. */
  private static final double MOST_CUT = 20;

  private static final double CUT = 2;
  private static final int TICKS = 5;
  private static final double[] UNITS = {1, 60, 3600, 86400};
  private static final String[] NAMES = {"s", "min", "h", "d"};

  private final Timeline timeline;
  private final double cut;
  private final int height;
  private final int ofLane;

  /** What is drawn of one lane: a trial, or several that are too narrow. */
  private record Bar(int lane, TrialStatus status, double x, double end, int trials, Span span) {}

  private SlotChart(Timeline timeline) {
    this.timeline = timeline;
    int cuts = timeline.cuts().size();
    this.cut = cuts == 0 ? 0 : Math.min(CUT, MOST_CUT / cuts);
    int lanes = timeline.lanes();
    this.ofLane = lanes <= 4 ? 20 : lanes <= 12 ? 13 : 8;
    this.height = lanes > MOST_LANES ? AREA : lanes * ofLane;
  }

  /** The section; empty where no trial of the sweep's own has its times. */
  static String html(SweepReport report) {
    Map<String, Integer> ranks = new HashMap<>();
    report.settings().forEach(setting -> ranks.put(setting.id(), setting.rank()));
    List<Span> spans = new ArrayList<>();
    int elsewhere = 0;
    for (SweepTrial trial : report.trials()) {
      Instant from = trial.time("started_at");
      Instant to = trial.time("finished_at");
      String sweep = trial.text("sweep");
      if (!sweep.isEmpty() && !sweep.equals(report.description().name())) {
        elsewhere++;
      } else if (from != null && to != null && !to.isBefore(from)) {
        String label = label(trial, ranks.getOrDefault(trial.settingId(), 0), from, to);
        spans.add(new Span(trial.text("host"), trial.status(), label, seconds(from), seconds(to)));
      }
    }
    if (spans.isEmpty()) {
      return "";
    }
    SlotChart chart = new SlotChart(new Timeline(spans));
    return chart.section("halving".equals(report.description().search()), elsewhere);
  }

  private static double seconds(Instant at) {
    return at.getEpochSecond() + 1e-9 * at.getNano();
  }

  private static String label(SweepTrial trial, int rank, Instant from, Instant to) {
    return "trial %s, %sseed %s: %s\n%s on %s\nfrom %s"
        .formatted(
            trial.id().substring(0, Math.min(8, trial.id().length())),
            rank == 0 ? "" : "setting #" + rank + ", ",
            String.valueOf(trial.seed()),
            trial.status().word(),
            words(Duration.between(from, to).toNanos() * 1e-9),
            trial.text("host"),
            PageTables.TIME.format(from));
  }

  /** A time, "2.5 h". */
  static String words(double seconds) {
    int unit = 0;
    while (unit < UNITS.length - 1 && seconds >= 2 * UNITS[unit + 1]) {
      unit++;
    }
    String number = String.format(Locale.ROOT, "%.3g", seconds / UNITS[unit]);
    String plain = number.contains(".") ? number.replaceFirst("\\.?0+$", "") : number;
    return plain + " " + NAMES[unit];
  }

  private String section(boolean halving, int elsewhere) {
    List<Bar> bars = timeline.lanes() > MOST_LANES ? List.of() : bars();
    boolean area = bars.isEmpty() || bars.size() > MOST_BARS;
    Html out = new Html();
    out.markup("<section id=\"slots\" data-lanes=\"" + timeline.lanes() + "\">\n");
    out.markup("<h2>When trials ran</h2>\n<p class=\"small lead\">").text(caption(area, halving));
    if (elsewhere > 0) {
      out.text(
          String.format(
              Locale.ROOT, " %,d trials are from other sweeps, and not drawn.", elsewhere));
    }
    out.markup("</p>\n<div class=\"chart\"><svg width=\"100%\" height=\"");
    out.markup((area ? AREA : height) + AXIS + "\" role=\"img\" aria-label=\"");
    out.text(alternative(halving)).markup("\">\n");
    if (area) {
      area(out);
    } else {
      bars.forEach(bar -> draw(out, bar, bars.size() <= MOST_LABELS));
    }
    cuts(out, area ? AREA : height);
    axis(out, area ? AREA : height);
    out.markup("</svg></div>\n<div class=\"legend\">");
    for (TrialStatus status : TrialStatus.values()) {
      long count = timeline.spans().stream().filter(span -> span.status() == status).count();
      if (count > 0) {
        out.markup("<span><i class=\"" + status.word() + "\"></i>")
            .text(String.format(Locale.ROOT, "%s: %,d", status.word(), count))
            .markup("</span>");
      }
    }
    return out.markup("</div>\n</section>").toString();
  }

  private String caption(boolean area, boolean halving) {
    String most = counted(timeline.lanes(), "trial");
    List<String> said = new ArrayList<>();
    said.add(
        area
            ? "How many trials ran at a time, on average over each 200th of the time; %s at most."
                .formatted(most)
            : "Each bar is a trial from its start to its end, in the lowest lane that was free: at most %s ran at a time, so there are as many lanes. A slot that takes its next trial at once is a lane; one that was never used is none."
                .formatted(most));
    said.add(
        halving
            ? "Of a trial that went on from a rung only its last epochs are here."
            : String.format(
                Locale.ROOT,
                "Lanes were busy %.1f %% of the time: %s of all trials together, over %d times %s.",
                100 * timeline.busyShare(),
                words(timeline.busySeconds()),
                timeline.lanes(),
                words(timeline.seconds())));
    if (!timeline.cuts().isEmpty()) {
      said.add(
          "A time without trials that is longer than ten seconds and than three times the longest trial is cut out, at the dashed line%s."
              .formatted(timeline.cuts().size() == 1 ? "" : "s"));
    }
    return String.join(" ", said);
  }

  private String alternative(boolean halving) {
    String busy =
        halving ? "" : String.format(Locale.ROOT, ", busy %.1f %%", 100 * timeline.busyShare());
    return "%s in %s over %s%s, %s cut out"
        .formatted(
            counted(timeline.spans().size(), "trial"),
            counted(timeline.lanes(), "lane"),
            words(timeline.seconds()),
            busy,
            counted(timeline.cuts().size(), "pause"));
  }

  private static String counted(int n, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
  }

  /** In per cent: the place of a time, of something that began at another one. */
  private double x(double time, double began) {
    long before = timeline.cuts().stream().filter(each -> each.at() <= began).count();
    double room = 100 - cut * timeline.cuts().size();
    return room * (timeline.seconds() == 0 ? 0 : time / timeline.seconds()) + cut * before;
  }

  /** Bars lane by lane; the narrow ones of an outcome that touch each other are one. */
  private List<Bar> bars() {
    List<Bar> bars = new ArrayList<>();
    Bar[] last = new Bar[timeline.lanes()];
    for (int i = 0; i < timeline.spans().size(); i++) {
      Span span = timeline.spans().get(i);
      int lane = timeline.lane(i);
      double x = x(span.from(), span.from());
      Bar bar = new Bar(lane, span.status(), x, x(span.to(), span.from()), 1, span);
      Bar before = last[lane];
      if (before != null && touch(before, bar)) {
        bar = new Bar(lane, bar.status, before.x, bar.end, before.trials + 1, before.span);
      } else if (before != null) {
        bars.add(before);
      }
      last[lane] = bar;
    }
    for (Bar bar : last) {
      bars.add(bar);
    }
    return bars;
  }

  private static boolean touch(Bar a, Bar b) {
    boolean narrow = b.end - b.x < NARROW && (a.trials > 1 || a.end - a.x < NARROW);
    return a.status == b.status && narrow && b.x - a.end < NARROW;
  }

  private void draw(Html out, Bar bar, boolean labelled) {
    out.markup(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" y=\"%d\" height=\"%d\"",
            bar.status.word(),
            bar.x,
            Math.max(NARROW, bar.end - bar.x),
            bar.lane * ofLane + 1,
            ofLane - 2));
    if (labelled) {
      String label =
          bar.trials == 1
              ? bar.span.label()
              : String.format(Locale.ROOT, "%,d trials: %s", bar.trials, bar.status.word());
      out.markup(" data-label=\"").text(label).markup("\"");
    }
    out.markup("/>\n");
  }

  /** Trials at a time, the outcomes on each other. */
  private void area(Html out) {
    double[] under = new double[PARTS];
    double part = timeline.seconds() / PARTS;
    for (TrialStatus status : TrialStatus.values()) {
      double[] running = timeline.running(status, PARTS);
      for (int i = 0; i < PARTS; i++) {
        if (running[i] > 0) {
          under[i] += running[i];
          double from = x(i * part, i * part);
          out.markup(
                  String.format(
                      Locale.ROOT,
                      "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" y=\"%.1f\" height=\"%.1f\" data-label=\"",
                      status.word(),
                      from,
                      x((i + 1) * part, i * part) - from,
                      AREA * (1 - under[i] / timeline.lanes()),
                      AREA * running[i] / timeline.lanes()))
              .text(
                  String.format(
                      Locale.ROOT, "%s: %.1f trials at a time", status.word(), running[i]))
              .markup("\"/>\n");
        }
      }
    }
  }

  private void cuts(Html out, int bottom) {
    for (int i = 0; i < timeline.cuts().size(); i++) {
      Cut each = timeline.cuts().get(i);
      double before = x(each.at(), -1) + cut * i;
      out.markup(
              String.format(
                  Locale.ROOT,
                  "<line class=\"cut\" x1=\"%1$.2f%%\" x2=\"%1$.2f%%\" y1=\"0\" y2=\"%2$d\" data-label=\"",
                  before + cut / 2,
                  bottom))
          .text("nothing ran for " + words(each.seconds()))
          .markup("\"/>\n");
    }
  }

  private void axis(Html out, int bottom) {
    out.markup(
        "<line class=\"domain\" x1=\"0\" x2=\"100%\" y1=\""
            + bottom
            + "\" y2=\""
            + bottom
            + "\"/>\n");
    double step = step(timeline.seconds());
    for (int i = 0; i * step <= timeline.seconds(); i++) {
      double x = x(i * step, i * step);
      String anchor = i == 0 ? "start" : x > 95 ? "end" : "middle";
      out.markup(
          String.format(
              Locale.ROOT,
              "<g class=\"tick\"><line x1=\"%1$.2f%%\" x2=\"%1$.2f%%\" y1=\"%2$d\" y2=\"%3$d\"/>"
                  + "<text text-anchor=\"%4$s\" x=\"%1$.2f%%\" y=\"%5$d\">%6$s</text></g>\n",
              x,
              bottom,
              bottom + 5,
              anchor,
              bottom + 18,
              i == 0 ? "0" : words(i * step)));
    }
  }

  /** 1, 2 or 5 times ten, or a part of an hour or a day, so that few fit. */
  private static double step(double seconds) {
    double unit = 1;
    for (double larger : UNITS) {
      unit = seconds >= 2 * larger ? larger : unit;
    }
    double least = seconds / unit / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1e-3, least))));
    for (double times : new double[] {1, 2, 5}) {
      if (power * times >= least) {
        return unit * power * times;
      }
    }
    return unit * power * 10;
  }
}
