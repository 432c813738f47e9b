package org.grlu.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;

/** The end of what was broadcast for a whole run. */
final class Broadcasts {
  private Broadcasts() {}

  /**
   * Takes executors' copies back, and waits until they are gone; the driver's own is removed when
   * it is garbage. Not destroyed, which would go on while Spark stops, and make it print stack
   * traces. An executor that does not answer takes nothing from what was computed.
   */
  static void takeBack(SparkContext context, Broadcast<?> broadcast) {
    if (context.isStopped()) {
      return;
    }
    try {
      broadcast.unpersist(true);
    } catch (Exception e) {
      // not only RuntimeException: Spark's methods throw SparkException undeclared
      System.getLogger(Broadcasts.class.getName())
          .log(System.Logger.Level.WARNING, "a broadcast was not taken back everywhere", e);
    }
  }
}
