package org.grlu.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How fast something goes, by its last seconds. Nothing is said while it still gets faster: the
 * first seconds, in JVMs that are cold, are up to twenty times slower than what follows.
 */
final class Pace {
  private static final long HALF_NANOS = TimeUnit.SECONDS.toNanos(4);

  /** By how much the second half of the window may be faster than the first. */
  private static final double STEADY = 1.5;

  private record Point(long nanos, double done) {}

  private final Deque<Point> points = new ArrayDeque<>();
  private boolean steady;

  /** Notes how much is done at a time. */
  void at(long nanos, double done) {
    points.addLast(new Point(nanos, done));
    while (points.size() > 2 && nanos - second().nanos >= 2 * HALF_NANOS) {
      points.removeFirst();
    }
    if (nanos - points.getFirst().nanos >= 2 * HALF_NANOS) {
      Point middle = middle(nanos - HALF_NANOS);
      double before = rate(points.getFirst(), middle);
      double after = rate(middle, points.getLast());
      steady |= before > 0 && after <= STEADY * before;
    }
  }

  private Point second() {
    return points.stream().skip(1).findFirst().orElseThrow();
  }

  /** The last one before a time. */
  private Point middle(long nanos) {
    Point middle = points.getFirst();
    for (Point point : points) {
      middle = point.nanos <= nanos ? point : middle;
    }
    return middle;
  }

  private static double rate(Point from, Point to) {
    return to.nanos == from.nanos ? 0 : (to.done - from.done) / ((to.nanos - from.nanos) * 1e-9);
  }

  /** What is done in a second, lately; NaN where that says nothing yet. */
  double perSecond() {
    double rate = steady ? rate(points.getFirst(), points.getLast()) : Double.NaN;
    return rate > 0 ? rate : Double.NaN;
  }
}
