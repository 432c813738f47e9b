package org.grlu.spark;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tasks that an executor refuses because it is ending, since its worker was killed, say. Spark
 * counts each as the task's own failure, and hands the next to the same executor while its cores
 * are free: in a moment a job is over for which nothing is to be blamed.
 */
final class Refusals {
  private static final String WORDS =
      "RejectedExecutionException: Task org.apache.spark.executor.Executor$TaskRunner";

  /** An executor that ends is gone within seconds. */
  private static final int MOST = 120;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private Refusals() {}

  /** Whether a job's failure, in Spark's words, is one. */
  static boolean are(String failure) {
    return failure.contains(WORDS);
  }

  /** Runs a job, once more where it was refused. */
  static void outlast(Runnable job) {
    for (int refused = 0; ; refused++) {
      try {
        job.run();
        return;
      } catch (Exception e) {
        // a SparkException too, which Spark's methods throw undeclared
        if (refused == MOST || !are(String.valueOf(e.getMessage()))) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
