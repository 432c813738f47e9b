package org.grlu.run;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.grlu.reports.RunFolder;
import org.grlu.spark.JobMetrics;
import org.grlu.spark.TrialTask;
import org.grlu.training.EpochMetrics;

/**
 * What the task of a run says while it runs: checkpoints are kept, and the listener is told. Its
 * messages may come after its result, or, of a second attempt, again: each epoch is told once, and
 * none after the end.
 */
final class TrialMessages {
  private final RunFolder folder;
  private final boolean stepped;
  private final TrainRun.Listener listener;
  private final List<EpochMetrics> told;
  private boolean over;
  private Throwable failure;

  /**
   * @param before the epochs that were over when the run was taken up
   */
  TrialMessages(
      RunFolder folder, List<EpochMetrics> before, boolean stepped, TrainRun.Listener listener) {
    this.folder = folder;
    this.stepped = stepped;
    this.listener = listener;
    this.told = new ArrayList<>(before);
  }

  /** Whether the run may go on: not where a checkpoint could not be kept. */
  synchronized boolean hear(Serializable message) {
    if (over || failure != null) {
      return failure == null;
    }
    try {
      if (message instanceof TrialTask.Progress p) {
        listener.progress(p.epoch(), p.share(), p.meanReward(), p.examplesPerSecond());
      } else if (message instanceof TrialTask.EpochEnd end && end.metrics().epoch() > told.size()) {
        folder.write(RunFolder.CHECKPOINT, end.checkpoint());
        tell(end.metrics());
      }
    } catch (Throwable e) {
      // an Error too: whatever it is would be lost in a thread of Spark's
      failure = e;
    }
    return failure == null;
  }

  /** Hands on what the run itself has to say. */
  void said(String line) {
    listener.said(line);
  }

  synchronized List<EpochMetrics> epochs() {
    return List.copyOf(told);
  }

  /**
   * Nothing more is heard, and nothing went wrong until now.
   *
   * @throws IOException where a checkpoint could not be written
   * @throws IllegalStateException where anything else went wrong
   */
  synchronized void end() throws IOException {
    over = true;
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(
          "%s: the run can't go on: %s".formatted(folder.shown(), failure), failure);
    }
  }

  /** Tells what of a result's epochs was not told yet. */
  synchronized void tellAll(List<EpochMetrics> epochs) {
    epochs.stream().filter(metrics -> metrics.epoch() > told.size()).toList().forEach(this::tell);
  }

  private void tell(EpochMetrics metrics) {
    told.add(metrics);
    if (!stepped) {
      JobMetrics.EXAMPLES.mark(metrics.examples());
    }
    listener.epoch(metrics);
  }
}
