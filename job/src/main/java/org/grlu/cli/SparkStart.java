package org.grlu.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.spark.ProgressPlugin;

/** Spark as sweeps need it. */
final class SparkStart {
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
}
