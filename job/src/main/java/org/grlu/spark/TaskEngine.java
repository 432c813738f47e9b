package org.grlu.spark;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.grlu.datasets.Dataset;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.TrialSettings;

/** Whole trials, each in one Spark task on one core, over the dataset broadcast once. */
public final class TaskEngine {
  private TaskEngine() {}

  /**
   * Runs one trial.
   *
   * @param address of its progress messages
   * @param checkpoint the file it goes on from
   * @param receiver gets the messages, in a thread of Spark's
   */
  public static TrialOutcome run(
      JavaSparkContext spark,
      String address,
      TrialSettings settings,
      Dataset dataset,
      byte[] checkpoint,
      Consumer<Serializable> receiver) {
    ProgressPlugin.receive(address, receiver);
    Broadcast<SharedDataset> broadcast = spark.broadcast(new SharedDataset(dataset));
    try {
      spark.setJobGroup(address, "trial " + address, true);
      TrialTask task = new TrialTask(address, settings, broadcast, checkpoint);
      byte[][] outcome = new byte[1][];
      Refusals.outlast(
          () -> outcome[0] = spark.parallelize(List.of(0), 1).map(task).collect().get(0));
      return JavaBytes.read(outcome[0], TrialOutcome.class);
    } finally {
      Broadcasts.takeBack(spark.sc(), broadcast);
      ProgressPlugin.forget(address);
    }
  }
}
