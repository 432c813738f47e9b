package org.grlu.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.spark.ProgressPlugin;

/** Spark as sweeps need it. */
final class SparkStart {
  private static final String LOOPBACK = "127.0.0.1";

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

  /** Starts it, or says in one line why it can't be; and later, where it waits for executors. */
  static JavaSparkContext context(SparkConf conf, Terminal terminal) {
    bindToLoopback(conf, System.getenv("SPARK_LOCAL_IP"), terminal);
    try {
      JavaSparkContext spark = new JavaSparkContext(conf);
      ExecutorWatch.start(spark, terminal);
      return spark;
    } catch (Exception e) {
      // not only RuntimeException: Spark's methods throw SparkException undeclared
      throw new CommandException(
          ExitCode.SURROUNDINGS,
          "Spark can't be started on master %s: %s"
              .formatted(
                  conf.get("spark.master"),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
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
