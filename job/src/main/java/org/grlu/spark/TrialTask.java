package org.grlu.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.Dataset;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetrics;
import org.grlu.training.LocalEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialSettings;

/**
 * A whole trial in one task. The broadcast dataset is only read. Returns a {@link TrialOutcome} as
 * {@link JavaBytes}. A task that is cancelled, or whose copy was first, ends without an outcome.
 */
public final class TrialTask implements Function<Integer, byte[]> {
  private static final long serialVersionUID = 1;

  private final String address;
  private final TrialSettings settings;
  private final Broadcast<SharedDataset> dataset;
  private final byte[] checkpoint;

  /** How far an epoch is. */
  public record Progress(int epoch, double share, double meanReward, double examplesPerSecond)
      implements Serializable {}

  /** An epoch's end: the checkpoint, as a file. */
  public record EpochEnd(byte[] checkpoint, EpochMetrics metrics) implements Serializable {}

  /**
   * @param address of the progress messages, see {@link ProgressPlugin}
   * @param checkpoint a checkpoint's file to go on from
   */
  TrialTask(
      String address, TrialSettings settings, Broadcast<SharedDataset> dataset, byte[] checkpoint) {
    this.address = address;
    this.settings = settings;
    this.dataset = dataset;
    this.checkpoint = checkpoint;
  }

  @Override
  public byte[] call(Integer ignored) {
    EjmlConcurrency.USE_CONCURRENT = false;
    TaskContext context = TaskContext.get();
    List<EpochMetrics> finished = new ArrayList<>();
    Trial trial = null;
    try {
      Checkpoint from = Checkpoint.fromFile(checkpoint, settings);
      finished.addAll(from.epochs());
      Dataset data = settings.presented(dataset.value().dataset());
      LocalEngine engine = new LocalEngine(settings, data.train(), from.weights().memory());
      trial = new Trial(settings, data, engine, listener(finished, context));
      return JavaBytes.of(TrialOutcome.withModel(trial.run(from)));
    } catch (RuntimeException | OutOfMemoryError e) {
      if (context.isInterrupted()) {
        throw new TaskKilledException("cancelled");
      }
      // returned, not thrown: a second attempt would end the same way
      return JavaBytes.of(TrialOutcome.failed(e, finished, unfinished(trial)));
    }
  }

  /** What a trial spent beside its finished epochs; nothing where it is null. */
  static Cost unfinished(Trial trial) {
    return trial == null ? Cost.NONE : trial.unfinished();
  }

  private TrialListener listener(List<EpochMetrics> finished, TaskContext context) {
    return new TrialListener() {
      @Override
      public void progress(int epoch, double share, double meanReward, double rate) {
        goOn();
        ProgressPlugin.send(address, new Progress(epoch, share, meanReward, rate));
      }

      @Override
      public void epoch(Checkpoint reached) {
        EpochMetrics last = reached.last();
        finished.add(last);
        ProgressPlugin.send(address, new EpochEnd(reached.toFile(), last));
        goOn();
      }

      /** Training itself does not look whether the task is to end. */
      private void goOn() {
        if (context.isInterrupted()) {
          throw new TaskKilledException("cancelled");
        }
      }
    };
  }
}
