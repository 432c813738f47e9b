package org.grlu.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** How many tasks a cluster runs at a time, as it stands: executors come and go. */
public final class Slots {
  private Slots() {}

  /**
   * What the executors that there are have cores for, by {@code spark.task.cpus}; one where there
   * is none yet. Not Spark's default parallelism, which users set, and which is never below two.
   */
  public static int of(JavaSparkContext spark) {
    SparkContext context = spark.sc();
    ResourceProfile profile = context.resourceProfileManager().defaultResourceProfile();
    return Math.max(1, context.maxNumConcurrentTasks(profile));
  }
}
