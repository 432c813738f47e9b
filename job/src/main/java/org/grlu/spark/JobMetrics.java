package org.grlu.spark;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.Map;
import org.grlu.reports.TrialStatus;

/**
 * What the driver tells Spark's metrics system, which reports it to the sinks that it is configured
 * for: all since the JVM started.
 */
public final class JobMetrics {
  /** Trials that are over with a result. */
  static final Counter TRIALS_DONE = new Counter();

  /** Trials that failed or diverged. */
  static final Counter TRIALS_FAILED = new Counter();

  /**
   * Training examples, with their rate: of each step, and of whole trials when an epoch is told.
   */
  public static final Meter EXAMPLES = new Meter();

  /** Steps of the stepped engine, with their latency. */
  static final Timer STEPS = new Timer();

  private JobMetrics() {}

  /** In a driver's registry. */
  static void register(MetricRegistry registry) {
    registry.registerAll(
        () ->
            Map.of(
                "trials.done", TRIALS_DONE,
                "trials.failed", TRIALS_FAILED,
                "examples", EXAMPLES,
                "steps", STEPS));
  }

  /** A trial is over, or waits at a rung. */
  public static void ended(TrialStatus status) {
    switch (status) {
      case DONE -> TRIALS_DONE.inc();
      case FAILED, DIVERGED -> TRIALS_FAILED.inc();
      case STOPPED -> {}
    }
  }
}
