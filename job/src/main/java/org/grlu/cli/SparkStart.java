package org.grlu.cli;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.datasets.DatasetException;
import org.grlu.spark.ProgressPlugin;

/** Spark as sweeps need it. */
final class SparkStart {
  private static final String LOOPBACK = "127.0.0.1";

  /** What Spark calls an application that a standalone master gave no id. */
  private static final String UNREGISTERED = "spark-application-";

  /** Started to read data; null where it was not, or is taken over. */
  private static Started ahead;

  private SparkStart() {}

  /**
   * Spark's properties for many trials. A task that was lost is not run again by Spark, but by the
   * sweep, which counts whose task it was; Spark's exclusion of executors asks for more attempts
   * than that.
   */
  static SparkConf forTrials(String application) {
    return ProgressPlugin.configure(new SparkConf())
        .set("spark.task.maxFailures", "1")
        .set("spark.excludeOnFailure.enabled", "false")
        .setAppName(application);
  }

  /** What is done with Spark. */
  @FunctionalInterface
  interface Work<T> {
    T on(JavaSparkContext spark) throws IOException, InterruptedException;
  }

  /** Refuses what Spark could not be started with, before anything is made. */
  static void check(SparkConf conf) {
    ExecutorWatch.limitSeconds(conf);
    Masters.check(conf);
  }

  /** Spark as it runs, and what watches its executors. */
  private record Started(JavaSparkContext spark, ExecutorWatch watch) {
    <T> T work(Work<T> work) throws IOException, InterruptedException {
      try {
        return work.on(spark);
      } catch (Exception e) {
        // not only those declared: Spark's methods throw SparkException undeclared
        if (watch.reason() != null) {
          throw new CommandException(ExitCode.SURROUNDINGS, watch.reason());
        }
        throw e;
      }
    }
  }

  /**
   * Starts Spark, or goes on with that of {@link #ahead}, works with it, and stops it.
   *
   * @throws CommandException where it can't be started, or there were no executors any more: in one
   *     line why, in the place of what that broke
   */
  static <T> T run(SparkConf conf, Terminal terminal, Work<T> work)
      throws IOException, InterruptedException {
    Started now = ahead == null ? start(conf, terminal) : ahead;
    ahead = null;
    JavaSparkContext spark = now.spark;
    try (spark) {
      return now.work(work);
    }
  }

  /**
   * Starts Spark ahead of a command's own work, to read its data, and leaves it to {@link #run} or
   * {@link #stopAhead}: an application has one Spark, which on a cluster can't be started twice.
   */
  static <T> T ahead(SparkConf conf, Terminal terminal, Work<T> work)
      throws IOException, InterruptedException {
    if (ahead == null) {
      check(conf);
      ahead = start(conf, terminal);
    }
    try {
      return ahead.work(work);
    } catch (DatasetException e) {
      if (!ahead.spark.sc().isStopped()) {
        throw e;
      }
      throw new CommandException(
          ExitCode.SURROUNDINGS, "Spark was stopped while it read data: " + e.getMessage());
    }
  }

  /** Stops Spark where it was started ahead, and nothing ran after that. */
  static void stopAhead() {
    if (ahead != null) {
      ahead.spark.close();
      ahead = null;
    }
  }

  private static Started start(SparkConf conf, Terminal terminal) {
    bindToLoopback(conf, System.getenv("SPARK_LOCAL_IP"), terminal);
    JavaSparkContext spark = context(conf);
    return new Started(spark, ExecutorWatch.start(spark, terminal));
  }

  private static JavaSparkContext context(SparkConf conf) {
    JavaSparkContext spark;
    try {
      spark = new JavaSparkContext(conf);
    } catch (Exception e) {
      // not only RuntimeException: Spark's methods throw SparkException undeclared
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw message.contains("stopped SparkContext") ? refused(conf) : unstartable(conf, message);
    }
    if (spark.master().startsWith(Masters.STANDALONE)
        && spark.sc().applicationId().startsWith(UNREGISTERED)) {
      spark.close();
      throw refused(conf);
    }
    return spark;
  }

  /** Spark asks a standalone master for a minute, and then stops itself without a word. */
  private static CommandException refused(SparkConf conf) {
    Masters.check(conf);
    return unstartable(conf, "it answers, but has taken no application (does it stand by?)");
  }

  private static CommandException unstartable(SparkConf conf, String why) {
    return new CommandException(
        ExitCode.SURROUNDINGS,
        "Spark can't be started on master %s: %s".formatted(conf.get("spark.master"), why));
  }

  /**
   * With a local master nobody outside this machine has business with the driver. What Spark serves
   * pages on follows the environment alone, which the start script sets: without it the page, which
   * has links that kill jobs, would listen on every interface, and is left out unless it was asked
   * for by name.
   *
   * @param conf Modified, but for what the user has set
   * @param localIp the environment's SPARK_LOCAL_IP, or null
   */
  static void bindToLoopback(SparkConf conf, String localIp, Terminal terminal) {
    String master = conf.get("spark.master");
    if (!master.startsWith("local")) {
      return;
    }
    conf.setIfMissing("spark.driver.host", LOOPBACK);
    conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
    if (localIp != null) {
      return;
    }
    if (master.startsWith("local-cluster")) {
      // its master and workers have pages too, which no property turns off
      throw new CommandException(
          ExitCode.SURROUNDINGS,
          "master %s would listen on every interface: set SPARK_LOCAL_IP=%s in the environment"
              .formatted(master, LOOPBACK));
    }
    if (!conf.contains("spark.ui.enabled")) {
      conf.set("spark.ui.enabled", "false");
      terminal.say(
          "Spark's web page is left out: it would listen on every interface; with SPARK_LOCAL_IP=%s"
                  .formatted(LOOPBACK)
              + " in the environment it listens on this one");
    }
  }
}
