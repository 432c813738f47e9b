package org.grlu.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.config.TrialIdentity;
import org.grlu.datasets.Dataset;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Tables;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.TrialSettings;
import org.grlu.training.TrialStatus;

/**
 * One run of one trial, from its folder to its tables. Everything is written by the driver: a
 * checkpoint after each epoch, and when the trial is over the model, the tables, and last of all
 * the status.
 */
public final class TrainRun {
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Settings settings;
  private final Dataset dataset;
  private final TrialIdentity identity;
  private final RunFolder folder;
  private final String runId;
  private final Instant startedAt;
  private final byte[] checkpoint;
  private final List<EpochMetrics> before;

  /** Hears how a run goes, in a thread of Spark's. */
  public interface Listener {
    /** A few times a second: epoch from 1, the share of it that is done, and its means so far. */
    void progress(int epoch, double share, double meanReward, double examplesPerSecond);

    /** An epoch is over. */
    void epoch(EpochMetrics metrics);
  }

  private TrainRun(
      Settings settings,
      Dataset dataset,
      RunFolder folder,
      String runId,
      Instant startedAt,
      Checkpoint from) {
    this.settings = settings;
    this.dataset = dataset;
    this.identity = settings.identity(dataset.sha256());
    this.folder = folder;
    this.runId = runId;
    this.startedAt = startedAt;
    this.checkpoint = from.toFile();
    this.before = from.epochs();
  }

  /**
   * A new run, from a checkpoint without epochs. Makes its folder.
   *
   * @param dataset cut as configured
   * @throws IOException where the report directory can't be written
   */
  public static TrainRun create(Settings settings, Dataset dataset, Checkpoint initial)
      throws IOException {
    Instant now = Instant.now();
    String id =
        STARTED.format(now) + "-" + settings.identity(dataset.sha256()).id().substring(0, 8);
    for (int attempt = 1; ; attempt++) {
      String name = attempt == 1 ? id : id + "-" + attempt;
      RunFolder folder = RunFolder.in(settings.reportDirectory(), name, new Configuration());
      if (folder.create()) {
        TrainRun run = new TrainRun(settings, dataset, folder, name, now, initial);
        folder.write(RunFolder.CONFIGURATION, settings.render().getBytes(StandardCharsets.UTF_8));
        run.status("running", Map.of());
        return run;
      }
    }
  }

  /**
   * Takes up a run that was not finished.
   *
   * @param runId the name of its folder in the report directory
   * @throws RunException where there is no such run, or it is over, or of another trial
   */
  public static TrainRun resume(Settings settings, Dataset dataset, String runId)
      throws IOException {
    RunFolder folder = RunFolder.in(settings.reportDirectory(), runId, new Configuration());
    byte[] status =
        folder
            .read(RunFolder.STATUS)
            .orElseThrow(
                () ->
                    new RunException(
                        "--resume %s: there is no such run in %s"
                            .formatted(runId, settings.reportDirectory())));
    Map<String, Object> read = Json.read(new String(status, StandardCharsets.UTF_8));
    String trial = settings.identity(dataset.sha256()).id();
    if (!"running".equals(read.get("status"))) {
      throw new RunException(
          "--resume %s: that run is over, with status %s".formatted(runId, read.get("status")));
    }
    if (!trial.equals(read.get("trial"))) {
      throw new RunException(
          "--resume %s: that run is of trial %s, this configuration and dataset are trial %s"
              .formatted(runId, read.get("trial"), trial));
    }
    TrialSettings trialSettings = settings.trial();
    Checkpoint from =
        folder
            .read(RunFolder.CHECKPOINT)
            .map(bytes -> Checkpoint.fromFile(bytes, trialSettings.shape()))
            .orElseThrow(
                () -> new RunException("--resume %s: it has no checkpoint yet".formatted(runId)));
    Instant startedAt = Instant.parse((String) read.get("started_at"));
    return new TrainRun(settings, dataset, folder, runId, startedAt, from);
  }

  public String runId() {
    return runId;
  }

  public String trialId() {
    return identity.id();
  }

  /** The epochs that were over when the run was taken up. */
  public List<EpochMetrics> before() {
    return before;
  }

  /** Where the run's results are, for people. */
  public String shownFolder() {
    return folder.shown();
  }

  /**
   * Trains, and writes the results.
   *
   * @return what {@code --json} prints, status and accuracies among it
   */
  public Map<String, Object> run(SparkSession session, Listener listener) throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    IOException[] unwritten = new IOException[1];
    if (before.isEmpty()) {
      // the initial weights too: with --init they can't be made again from the seed
      folder.write(RunFolder.CHECKPOINT, checkpoint);
    }
    TrialOutcome outcome =
        TaskEngine.run(
            spark,
            runId,
            settings.trial(),
            dataset,
            checkpoint,
            message -> {
              try {
                hear(message, listener);
              } catch (IOException e) {
                unwritten[0] = e;
                spark.cancelJobGroup(runId);
              }
            });
    if (unwritten[0] != null) {
      throw unwritten[0];
    }
    return finish(session, outcome);
  }

  private void hear(Serializable message, Listener listener) throws IOException {
    if (message instanceof TrialTask.Progress p) {
      listener.progress(p.epoch(), p.share(), p.meanReward(), p.examplesPerSecond());
    } else if (message instanceof TrialTask.EpochEnd end) {
      folder.write(RunFolder.CHECKPOINT, end.checkpoint());
      listener.epoch(end.metrics());
    }
  }

  private Map<String, Object> finish(SparkSession session, TrialOutcome outcome)
      throws IOException {
    // what an attempt that was killed in the middle of this left
    folder.delete(RunFolder.EPOCHS);
    folder.delete(RunFolder.TRIALS);
    if (outcome.model() != null) {
      folder.write(RunFolder.MODEL, outcome.model());
    }
    Tables.write(
        session,
        RunRows.epochs(identity.id(), outcome.epochs()),
        Tables.epochs(),
        folder.path(RunFolder.EPOCHS));
    Tables.write(
        session,
        List.of(
            RunRows.trial(
                identity.id(), settings, dataset.sha256(), outcome, startedAt, session.version())),
        Tables.trials(RunRows.columns(settings)),
        folder.path(RunFolder.TRIALS));
    Map<String, Object> summary = summary(outcome);
    status(outcome.status().word(), summary);
    folder.delete(RunFolder.CHECKPOINT);
    return summary;
  }

  private Map<String, Object> summary(TrialOutcome outcome) {
    List<EpochMetrics> epochs = outcome.epochs();
    EpochMetrics last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("trial", identity.id());
    summary.put("status", outcome.status().word());
    if (outcome.status() != TrialStatus.DONE) {
      summary.put("failure", outcome.failure());
    }
    summary.put("test_accuracy", last == null ? Double.NaN : last.testAccuracy());
    summary.put("validation_accuracy", last == null ? Double.NaN : last.validationAccuracy());
    summary.put("weights_sha256", outcome.weightsSha256());
    summary.put("forward_passes", epochs.stream().mapToLong(EpochMetrics::forwardPasses).sum());
    summary.put("cpu_seconds", epochs.stream().mapToDouble(EpochMetrics::cpuSeconds).sum());
    summary.put("wall_seconds", epochs.stream().mapToDouble(EpochMetrics::wallSeconds).sum());
    summary.put("report", folder.shown());
    return summary;
  }

  private void status(String word, Map<String, Object> summary) throws IOException {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("run", runId);
    status.put("trial", identity.id());
    status.put("started_at", startedAt.toString());
    status.putAll(summary);
    status.put("status", word);
    folder.write(RunFolder.STATUS, (Json.of(status) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
