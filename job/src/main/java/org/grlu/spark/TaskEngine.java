package org.grlu.spark;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.grlu.datasets.Dataset;
import org.grlu.training.TrialSettings;
import org.grlu.training.TrialStatus;

/** Whole trials, each in one Spark task on one core, over the dataset broadcast once. */
final class TaskEngine {
  private TaskEngine() {}

  /**
   * Runs one trial.
   *
   * @param address of its progress messages
   * @param checkpoint the file it goes on from
   * @param receiver gets the messages, in a thread of Spark's
   */
  static TrialOutcome run(
      JavaSparkContext spark,
      String address,
      TrialSettings settings,
      Dataset dataset,
      byte[] checkpoint,
      Consumer<Serializable> receiver) {
    ProgressPlugin.receive(address, receiver);
    Broadcast<Dataset> broadcast = spark.broadcast(dataset);
    try {
      spark.setJobGroup(address, "trial " + address, true);
      TrialTask task = new TrialTask(address, settings, broadcast, checkpoint);
      return spark.parallelize(List.of(0), 1).map(task).collect().get(0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Spark's methods throw it undeclared, when a task was lost with its executor too often
      return new TrialOutcome(
          TrialStatus.FAILED,
          TrialTask.oneLine(e),
          null,
          null,
          List.of(),
          "unknown",
          e instanceof SparkException ? "cluster" : TrialTask.host());
    } finally {
      broadcast.destroy();
      ProgressPlugin.forget(address);
    }
  }
}
