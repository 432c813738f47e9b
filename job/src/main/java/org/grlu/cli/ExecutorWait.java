package org.grlu.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What to say, and when to give up, while jobs wait for executors. A cluster that answers and has
 * no room yet is waited for without end. One whose master does not answer, or that had executors
 * and has none left, may never have any again: a master that was started again does not know this
 * application.
 */
final class ExecutorWait {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String noRoom;
  private final Supplier<String> noMaster;
  private final double limitSeconds;
  private long since;
  private int most;
  private boolean saidNoRoom;

  /** Why this may never end; null while it may. */
  private String cause;

  private long causeSince;

  /**
   * Begins now.
   *
   * @param noRoom what is said of a cluster that answers
   * @param noMaster says why its master does not answer; null where it does
   * @param limitSeconds after which to give up; 0 for never
   */
  ExecutorWait(String noRoom, Supplier<String> noMaster, double limitSeconds, long nanos) {
    this.noRoom = noRoom;
    this.noMaster = noMaster;
    this.limitSeconds = limitSeconds;
    this.since = nanos;
  }

  /**
   * Looks at the cluster.
   *
   * @param executors that there are
   * @param working whether a job is there for them; without one they may all be gone in order
   * @return a line to say; null where there is none
   */
  String look(long nanos, int executors, boolean working) {
    most = Math.max(most, executors);
    if (executors > 0 || !working) {
      since = nanos;
      saidNoRoom = false;
      cause = null;
      return null;
    }
    if (!isLong(nanos) || cause != null) {
      return null;
    }
    cause = cause();
    if (cause == null) {
      boolean said = saidNoRoom;
      saidNoRoom = true;
      return said ? null : noRoom;
    }
    causeSince = nanos;
    return cause + (limitSeconds == 0 ? "" : "; ends in " + limit() + " unless one comes");
  }

  private String cause() {
    String fault = noMaster.get();
    if (most == 0) {
      return fault == null ? null : "no executor yet, and " + fault;
    }
    return "no executor is left of the %d that there were".formatted(most)
        + (fault == null ? "" : ", and " + fault);
  }

  /** Whether there has been none for so long that it is worth a line. */
  boolean isLong(long nanos) {
    return nanos - since > PATIENCE_NANOS;
  }

  /** Why to give up now; null where it is not time to. */
  String end(long nanos) {
    return cause != null && limitSeconds > 0 && (nanos - causeSince) * 1e-9 >= limitSeconds
        ? "%s; none came in %s (%s)".formatted(cause, limit(), ExecutorWatch.LIMIT)
        : null;
  }

  private String limit() {
    return TrainCommand.duration(limitSeconds);
  }
}
