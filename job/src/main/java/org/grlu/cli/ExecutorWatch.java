package org.grlu.cli;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Says so where jobs wait for executors: Spark itself says it in its log only. One line each time
 * that there is none for some seconds.
 */
final class ExecutorWatch {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long TICK_MILLIS = 500;

  private final JavaSparkContext spark;
  private final Terminal terminal;

  private ExecutorWatch(JavaSparkContext spark, Terminal terminal) {
    this.spark = spark;
    this.terminal = terminal;
  }

  /** Watches until Spark is stopped. */
  static void start(JavaSparkContext spark, Terminal terminal) {
    if (!spark.isLocal()) {
      Thread thread = new Thread(new ExecutorWatch(spark, terminal)::watch, "executor-watch");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void watch() {
    long since = System.nanoTime();
    boolean said = false;
    try {
      while (!spark.sc().isStopped()) {
        if (!isWaiting()) {
          since = System.nanoTime();
          said = false;
        } else if (!said && System.nanoTime() - since > PATIENCE_NANOS) {
          said = true;
          terminal.say(words(spark.getConf()));
        }
        Thread.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // Spark was stopped between two looks at it
    }
  }

  private boolean isWaiting() {
    // the driver is counted among the executors
    return spark.sc().statusTracker().getExecutorInfos().length <= 1
        && spark.statusTracker().getActiveJobIds().length > 0;
  }

  private static String words(SparkConf conf) {
    return "no executor yet: %s has no room for one of %s cores and %s of memory, or it fails to start"
        .formatted(
            conf.get("spark.master"),
            conf.get("spark.executor.cores", conf.get("spark.task.cpus", "1")),
            conf.get("spark.executor.memory", "1g"));
  }
}
