package org.grlu.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Says so where jobs wait for executors, which Spark itself says in its log only, and stops Spark
 * where none can be hoped for any more: it would wait for ever.
 */
final class ExecutorWatch {
  /** Spark's property for how long executors are waited for that may never come. */
  static final String LIMIT = "spark.grlu.executorTimeout";

  private static final long TICK_MILLIS = 500;

  /** Once there has been none for long, each look asks the master. */
  private static final long LONG_TICK_MILLIS = 2500;

  private final JavaSparkContext spark;
  private final Terminal terminal;
  private volatile String reason;

  private ExecutorWatch(JavaSparkContext spark, Terminal terminal) {
    this.spark = spark;
    this.terminal = terminal;
  }

  /** Watches until Spark is stopped. */
  static ExecutorWatch start(JavaSparkContext spark, Terminal terminal) {
    ExecutorWatch watch = new ExecutorWatch(spark, terminal);
    if (!spark.isLocal()) {
      Thread thread = new Thread(watch::watch, "executor-watch");
      thread.setDaemon(true);
      thread.start();
    }
    return watch;
  }

  /**
   * The limit in seconds; 0 is none.
   *
   * @throws CommandException where the property is not a time
   */
  static long limitSeconds(SparkConf conf) {
    try {
      long seconds = conf.getTimeAsSeconds(LIMIT, "5m");
      if (seconds >= 0) {
        return seconds;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new CommandException(
        ExitCode.BAD_INPUT,
        "%s=%s: must be a time, as 300s or 5m; 0 waits for ever".formatted(LIMIT, conf.get(LIMIT)));
  }

  /** Why this stopped Spark; null where it did not. */
  String reason() {
    return reason;
  }

  private void watch() {
    SparkConf conf = spark.getConf();
    ExecutorWait wait =
        new ExecutorWait(
            noRoom(conf), () -> Masters.fault(conf), limitSeconds(conf), System.nanoTime());
    try {
      while (!spark.sc().isStopped()) {
        String line = wait.look(System.nanoTime(), executors(), isWorking());
        if (line != null) {
          terminal.say(line);
        }
        String end = wait.end(System.nanoTime());
        if (end != null) {
          reason = end;
          spark.stop();
          return;
        }
        Thread.sleep(wait.isLong(System.nanoTime()) ? LONG_TICK_MILLIS : TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // Spark was stopped between two looks at it
    }
  }

  private int executors() {
    // the driver is counted among them
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  private boolean isWorking() {
    return spark.statusTracker().getActiveJobIds().length > 0;
  }

  private static String noRoom(SparkConf conf) {
    return "no executor yet: %s has no room for one of %s cores and %s of memory, or it fails to start"
        .formatted(
            conf.get("spark.master"),
            conf.get("spark.executor.cores", conf.get("spark.task.cpus", "1")),
            conf.get("spark.executor.memory", "1g"));
  }
}
