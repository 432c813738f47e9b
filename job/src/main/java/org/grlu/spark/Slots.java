package org.grlu.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** How many tasks a cluster runs at a time, as it stands: executors come and go. */
final class Slots {
  private Slots() {}

  /**
   * The cores of the executors that there are, by {@code spark.task.cpus}. At least one: Spark
   * counts on two cores where it has no executor yet.
   */
  static int of(JavaSparkContext spark) {
    return Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
  }
}
