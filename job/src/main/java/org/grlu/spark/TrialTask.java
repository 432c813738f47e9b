package org.grlu.spark;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.Dataset;
import org.grlu.math.Kernels;
import org.grlu.network.ModelFile;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.LocalEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.grlu.training.TrialStatus;

/** A whole trial in one task. The broadcast dataset is only read. */
final class TrialTask implements Function<Integer, TrialOutcome> {
  private static final long serialVersionUID = 1;

  private final String address;
  private final TrialSettings settings;
  private final Broadcast<Dataset> dataset;
  private final byte[] checkpoint;

  /** How far an epoch is. */
  record Progress(int epoch, double share, double meanReward, double examplesPerSecond)
      implements Serializable {}

  /** An epoch's end: the checkpoint, as a file. */
  record EpochEnd(byte[] checkpoint, EpochMetrics metrics) implements Serializable {}

  /**
   * @param address of the progress messages, see {@link ProgressPlugin}
   * @param checkpoint a checkpoint's file to go on from
   */
  TrialTask(String address, TrialSettings settings, Broadcast<Dataset> dataset, byte[] checkpoint) {
    this.address = address;
    this.settings = settings;
    this.dataset = dataset;
    this.checkpoint = checkpoint;
  }

  @Override
  public TrialOutcome call(Integer ignored) {
    EjmlConcurrency.USE_CONCURRENT = false;
    List<EpochMetrics> finished = new ArrayList<>();
    try {
      Checkpoint from = Checkpoint.fromFile(checkpoint, settings.shape());
      finished.addAll(from.epochs());
      Dataset data = dataset.value();
      LocalEngine engine = new LocalEngine(settings, data.train());
      TrialResult result = new Trial(settings, data, engine, listener(finished)).run(from);
      // a diverged trial's weights are left out: they are of no use, and may not be finite
      boolean done = result.status() == TrialStatus.DONE;
      return outcome(
          result.status(),
          result.failure(),
          done ? ModelFile.write(result.weights(), Map.of()) : null,
          done ? result.weights().sha256() : null,
          result.epochs());
    } catch (RuntimeException | OutOfMemoryError e) {
      // returned, not thrown: a second attempt would end the same way
      return outcome(TrialStatus.FAILED, oneLine(e), null, null, finished);
    }
  }

  private TrialListener listener(List<EpochMetrics> finished) {
    return new TrialListener() {
      @Override
      public void progress(int epoch, double share, double meanReward, double rate) {
        ProgressPlugin.send(address, new Progress(epoch, share, meanReward, rate));
      }

      @Override
      public void epoch(Checkpoint reached) {
        EpochMetrics last = reached.epochs().get(reached.epochs().size() - 1);
        finished.add(last);
        ProgressPlugin.send(address, new EpochEnd(reached.toFile(), last));
      }
    };
  }

  private static TrialOutcome outcome(
      TrialStatus status, String failure, byte[] model, String sha256, List<EpochMetrics> epochs) {
    return new TrialOutcome(status, failure, model, sha256, epochs, Kernels.best().name(), host());
  }

  static String oneLine(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    return (e + where).replaceAll("\\s*\\R\\s*", " ");
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
