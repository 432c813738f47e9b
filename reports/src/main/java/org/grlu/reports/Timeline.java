package org.grlu.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When trials ran: each in the lowest lane that is free when it begins, if possible one whose last
 * trial ran on the same host. So there are as many lanes as there were ever trials at a time, and a
 * lane is what one slot did, where slots take their next trial at once. A lane counts as free half
 * a second before its trial's end, and the trial's bar ends where the next one begins: ends are
 * told that late. Long times in which nothing ran are cut out.
 */
final class Timeline {
  /** Of the longest trial: how long nothing may run without a cut. */
  private static final double CUT_TIMES = 3;

  /** What is waited for when Spark starts is not cut out. */
  private static final double CUT_SECONDS = 10;

  /** Ends are told late, some at a time, and a trial's start is reckoned from them. */
  private static final double LATE_SECONDS = 0.5;

  private final List<Span> spans = new ArrayList<>();
  private final List<Cut> cuts = new ArrayList<>();
  private final List<Integer> lanes = new ArrayList<>();
  private int laneCount;
  private double seconds;
  private double busySeconds;

  /**
   * A trial's time.
   *
   * @param label what it was, for people
   * @param from seconds from any moment
   * @param to not before
   */
  record Span(String host, TrialStatus status, String label, double from, double to) {
    double seconds() {
      return to - from;
    }

    private Span until(double end) {
      return new Span(host, status, label, from, Math.min(to, end));
    }

    /** How much earlier than it says the trial before it may have ended. */
    private double late() {
      return Math.min(LATE_SECONDS, seconds() / 2);
    }

    private Span earlier(double by) {
      return new Span(host, status, label, from - by, to - by);
    }
  }

  /**
   * A time without trials that is left out.
   *
   * @param at where, in seconds of what is left
   * @param seconds how long it was
   */
  record Cut(double at, double seconds) {}

  /** Of one trial at least. */
  Timeline(List<Span> all) {
    List<Span> sorted = all.stream().sorted(Comparator.comparingDouble(Span::from)).toList();
    cut(sorted);
    pack();
    seconds = spans.stream().mapToDouble(Span::to).max().orElse(0);
    busySeconds = spans.stream().mapToDouble(Span::seconds).sum();
  }

  private void cut(List<Span> sorted) {
    double longest = sorted.stream().mapToDouble(Span::seconds).max().orElse(0);
    double most = Math.max(CUT_TIMES * longest, CUT_SECONDS);
    double first = sorted.get(0).from();
    double end = first;
    double out = first;
    for (Span span : sorted) {
      double idle = span.from() - end;
      if (idle > most) {
        cuts.add(new Cut(end - out, idle));
        out += idle;
      }
      end = Math.max(end, span.to());
      spans.add(span.earlier(out));
    }
  }

  private void pack() {
    List<Integer> last = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      int free = -1;
      for (int lane = 0; lane < last.size(); lane++) {
        Span before = spans.get(last.get(lane));
        if (before.to() <= span.from() + Math.min(before.late(), span.late())) {
          boolean same = before.host().equals(span.host());
          if (free < 0 || same) {
            free = lane;
          }
          if (same) {
            break;
          }
        }
      }
      if (free < 0) {
        free = last.size();
        last.add(i);
      } else {
        int before = last.set(free, i);
        spans.set(before, spans.get(before).until(span.from()));
      }
      lanes.add(free);
    }
    laneCount = last.size();
  }

  /** By their starts, in seconds since the first began, without what is cut out. */
  List<Span> spans() {
    return spans;
  }

  /** The lane of a span, from 0. */
  int lane(int span) {
    return lanes.get(span);
  }

  /** The most trials at a time. */
  int lanes() {
    return laneCount;
  }

  /** In the order of time. */
  List<Cut> cuts() {
    return cuts;
  }

  /** From the first start to the last end, without what is cut out. */
  double seconds() {
    return seconds;
  }

  /** Those of all trials together. */
  double busySeconds() {
    return busySeconds;
  }

  /** The mean share of the lanes that were busy: trials' seconds over lanes times seconds. */
  double busyShare() {
    return seconds == 0 ? 1 : busySeconds / (laneCount * seconds);
  }

  /**
   * How many trials of an outcome ran at a time, on average over each of some equal parts of the
   * time.
   */
  double[] running(TrialStatus status, int parts) {
    double[] running = new double[parts];
    double part = seconds / parts;
    for (Span span : spans) {
      if (span.status() != status) {
        continue;
      }
      int first = Math.min(parts - 1, (int) (span.from() / part));
      for (int i = first; i < parts && i * part < span.to(); i++) {
        double overlap = Math.min(span.to(), (i + 1) * part) - Math.max(span.from(), i * part);
        running[i] += Math.max(0, overlap) / part;
      }
    }
    return running;
  }
}
