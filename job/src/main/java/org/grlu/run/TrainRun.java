package org.grlu.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Json;
import org.grlu.config.Settings;
import org.grlu.config.TrialIdentity;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Fold;
import org.grlu.spark.JobMetrics;
import org.grlu.spark.PartitionedDataset;
import org.grlu.spark.SteppedEngine;
import org.grlu.spark.TaskEngine;
import org.grlu.spark.TrialTask;
import org.grlu.store.RunException;
import org.grlu.store.RunRows;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetrics;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialSettings;

/**
 * One run of one trial, from its folder to its tables. Everything is written by the driver: a
 * checkpoint after each epoch, and when the trial is over the model, the tables, and last of all
 * the status.
 */
public final class TrainRun {
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Settings settings;

  /** By its codes, once the run has begun and its network reads codes. */
  private Dataset dataset;

  private final TrialIdentity identity;

  /** The digest of weights that were given to start from; null where the seed gives them. */
  private final String init;

  private final RunFolder folder;
  private final String runId;
  private final Instant startedAt;
  private final byte[] checkpoint;
  private final List<EpochMetrics> before;

  /** Null where the driver has the dataset. */
  private PartitionedDataset partitioned;

  private volatile JavaSparkContext running;
  private volatile boolean interrupted;
  private volatile boolean stop;

  /** Hears how a run goes, in a thread of Spark's. */
  public interface Listener {
    /** A few times a second: epoch from 1, the share of it that is done, and its means so far. */
    void progress(int epoch, double share, double meanReward, double examplesPerSecond);

    /** An epoch is over. */
    void epoch(EpochMetrics metrics);

    /** Something that happens once. */
    void said(String line);
  }

  private TrainRun(
      Settings settings,
      Dataset dataset,
      RunFolder folder,
      String runId,
      Instant startedAt,
      Checkpoint from,
      String init) {
    this.settings = settings;
    this.dataset = dataset;
    this.init = init;
    this.identity = settings.identity(dataset.sha256(), init);
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
   * @param weights to start from; null for those that the seed gives
   * @throws IOException where the report directory can't be written
   */
  public static TrainRun create(Settings settings, Dataset dataset, Weights weights)
      throws IOException {
    String init = weights == null ? null : weights.sha256();
    Checkpoint initial =
        weights == null
            ? Checkpoint.initial(settings.trial(), dataset.train())
            : Checkpoint.initial(settings.trial(), weights);
    Instant now = Instant.now();
    String id =
        STARTED.format(now) + "-" + settings.identity(dataset.sha256(), init).id().substring(0, 8);
    for (int attempt = 1; ; attempt++) {
      String name = attempt == 1 ? id : id + "-" + attempt;
      RunFolder folder = folder(settings, name);
      try {
        if (folder.create()) {
          return created(new TrainRun(settings, dataset, folder, name, now, initial, init));
        }
      } catch (IOException e) {
        throw new IOException(
            "report directory %s: %s".formatted(settings.reportDirectory(), HadoopFiles.words(e)),
            e);
      }
    }
  }

  /** Writes what makes a run one that can be taken up; leaves nothing where that fails. */
  private static TrainRun created(TrainRun run) throws IOException {
    try {
      byte[] configuration = run.settings.render().getBytes(StandardCharsets.UTF_8);
      run.folder.write(RunFolder.CONFIGURATION, configuration);
      // the initial weights too: with --init they can't be made again from the seed
      run.folder.write(RunFolder.CHECKPOINT, run.checkpoint);
      run.status("running", Map.of());
      return run;
    } catch (IOException e) {
      run.withdraw();
      throw e;
    }
  }

  private static RunFolder folder(Settings settings, String run) throws IOException {
    String reports = settings.reportDirectory();
    try {
      return RunFolder.in(reports, run, HadoopFiles.configuration());
    } catch (NoPathException e) {
      throw new RunException("report.directory = %s: not a path or URI".formatted(reports));
    } catch (IOException e) {
      throw new IOException("report directory %s: %s".formatted(reports, HadoopFiles.words(e)), e);
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
    if (!runId.matches("[\\w-]+")) {
      throw new RunException("--resume %s: must be the name of a run's folder".formatted(runId));
    }
    RunFolder folder = folder(settings, runId);
    byte[] status =
        folder
            .read(RunFolder.STATUS)
            .orElseThrow(
                () ->
                    new RunException(
                        "--resume %s: there is no such run in %s"
                            .formatted(runId, settings.reportDirectory())));
    Map<String, Object> read = Json.read(new String(status, StandardCharsets.UTF_8));
    String init = (String) read.get("init");
    String trial = settings.identity(dataset.sha256(), init).id();
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
            .map(bytes -> checkpoint(folder, bytes, trialSettings))
            .orElseThrow(
                () -> new RunException("--resume %s: it has no checkpoint yet".formatted(runId)));
    Instant startedAt = Instant.parse((String) read.get("started_at"));
    return new TrainRun(settings, dataset, folder, runId, startedAt, from, init);
  }

  private static Checkpoint checkpoint(RunFolder folder, byte[] bytes, TrialSettings trial) {
    try {
      return Checkpoint.fromFile(bytes, trial);
    } catch (ModelFileException e) {
      throw new RunException(
          "%s/%s: %s".formatted(folder.shown(), RunFolder.CHECKPOINT, e.getMessage()));
    }
  }

  public String runId() {
    return runId;
  }

  public String trialId() {
    return identity.id();
  }

  /** Removes the folder of a new run that could not begin. */
  public void withdraw() throws IOException {
    folder.remove();
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
   * Ends the run soon, as one that can be taken up from its last whole epoch; may be called by any
   * thread.
   */
  public void interrupt() {
    interrupted = true;
    JavaSparkContext spark = running;
    if (spark != null) {
      spark.cancelJobGroup(runId);
    }
  }

  /**
   * Trains, and writes the results.
   *
   * @param features where slow systems come from
   * @param parts the dataset over executors; null where the driver has it
   * @return what {@code --json} prints, status and accuracies among it
   * @throws IOException where something can't be written, or Spark was stopped from outside, or the
   *     run was interrupted: it can be resumed then
   */
  public Map<String, Object> run(
      JavaSparkContext spark, Features features, PartitionedDataset parts, Listener listener)
      throws IOException {
    running = spark;
    partitioned = parts;
    dataset = features.encoded(settings, dataset, spark, runId, listener::said);
    TrialMessages messages = new TrialMessages(folder, before, settings.stepped(), listener);
    Consumer<Serializable> receiver =
        message -> {
          if (!messages.hear(message) || interrupted) {
            spark.cancelJobGroup(runId);
            stop = true;
          }
        };
    TrialOutcome outcome = outcome(spark, receiver, messages);
    running = null;
    messages.end();
    if (outcome.status() == TrialStatus.FAILED && interrupted) {
      throw new InterruptedIOException("interrupted");
    }
    if (outcome.status() == TrialStatus.FAILED && spark.sc().isStopped()) {
      // not the trial's failure, but a cluster that went away; the run can be taken up
      throw new IOException("Spark was stopped under the run: " + outcome.reason());
    }
    messages.tellAll(outcome.epochs());
    return finish(spark.version(), outcome);
  }

  private TrialOutcome outcome(
      JavaSparkContext spark, Consumer<Serializable> receiver, TrialMessages messages) {
    try {
      goOn();
      return settings.stepped()
          ? stepped(spark, receiver, messages)
          : TaskEngine.run(spark, runId, settings.trial(), dataset, checkpoint, receiver);
    } catch (Exception e) {
      // a SparkException too, which Spark's methods throw undeclared
      return TrialOutcome.failed(e, messages.epochs(), Cost.NONE);
    }
  }

  /** Ends what runs in this thread: between two steps there is no job that could be cancelled. */
  private void goOn() {
    if (stop || interrupted) {
      throw new CancellationException("interrupted");
    }
  }

  private TrialOutcome stepped(
      JavaSparkContext spark, Consumer<Serializable> receiver, TrialMessages messages) {
    TrialSettings trial = settings.trial();
    Checkpoint from = Checkpoint.fromFile(checkpoint, trial);
    Dataset presented = trial.presented(dataset);
    try (SteppedEngine engine = engine(spark, trial, from, presented, messages)) {
      TrialListener listener =
          new TrialListener() {
            @Override
            public void progress(int epoch, double share, double meanReward, double rate) {
              receiver.accept(new TrialTask.Progress(epoch, share, meanReward, rate));
              goOn();
            }

            @Override
            public void epoch(Checkpoint reached) {
              receiver.accept(new TrialTask.EpochEnd(reached.toFile(), reached.last()));
              goOn();
            }
          };
      Trial run = new Trial(trial, presented, engine, listener);
      try {
        return TrialOutcome.withModel(run.run(from));
      } catch (Exception e) {
        // a SparkException too, which Spark's methods throw undeclared
        return TrialOutcome.failed(e, messages.epochs(), run.unfinished());
      }
    }
  }

  private SteppedEngine engine(
      JavaSparkContext spark,
      TrialSettings trial,
      Checkpoint from,
      Dataset presented,
      TrialMessages messages) {
    Arena memory = from.weights().memory();
    int shards = settings.shards();
    Fold fold = settings.fold();
    return partitioned == null
        ? new SteppedEngine(
            spark, runId, trial, memory, presented.train(), shards, fold, messages::said)
        : new SteppedEngine(
            spark, runId, trial, memory, partitioned, presented, shards, fold, messages::said);
  }

  private Map<String, Object> finish(String sparkVersion, TrialOutcome outcome) throws IOException {
    // what an attempt that was killed in the middle of this left
    for (String table : RunRows.besideSchemas().keySet()) {
      folder.delete(table);
    }
    folder.delete(RunFolder.TRIALS);
    if (outcome.model() != null) {
      folder.write(RunFolder.MODEL, outcome.model());
    }
    Map<String, Schema> schemas = RunRows.besideSchemas();
    for (Map.Entry<String, List<Object[]>> rows :
        RunRows.beside(identity.id(), settings.stream(), outcome.epochs()).entrySet()) {
      folder.table(rows.getKey()).append(schemas.get(rows.getKey()), rows.getValue());
    }
    RunRows.Origin origin =
        new RunRows.Origin(
            identity.id(),
            settings.settingId(dataset.sha256(), init),
            dataset.sha256(),
            null,
            null,
            startedAt,
            sparkVersion);
    folder
        .table(RunFolder.TRIALS)
        .append(
            RunRows.trialSchema(settings),
            List.<Object[]>of(RunRows.trial(origin, settings, outcome)));
    JobMetrics.ended(outcome.status());
    Map<String, Object> summary = summary(outcome);
    status(outcome.status().word(), summary);
    folder.delete(RunFolder.CHECKPOINT);
    folder.deleteLeftovers(Duration.ZERO);
    return summary;
  }

  private Map<String, Object> summary(TrialOutcome outcome) {
    List<EpochMetrics> epochs = outcome.epochs();
    EpochMetrics last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("trial", identity.id());
    summary.put("status", outcome.status().word());
    if (outcome.status() != TrialStatus.DONE) {
      summary.put("failure", outcome.reason());
    }
    summary.put("test_accuracy", last == null ? Double.NaN : last.testAccuracy());
    summary.put("validation_accuracy", last == null ? Double.NaN : last.validationAccuracy());
    summary.put("weights_sha256", outcome.weightsSha256());
    State state = settings.trial().state();
    if (!state.isEmpty() && outcome.model() != null) {
      ModelFile.read(outcome.model()).weights(settings.shape(), state);
      summary.put("state_sha256", state.sha256());
    }
    Cost cost = outcome.cost();
    summary.put("forward_passes", cost.forwardPasses());
    summary.put("cpu_seconds", cost.cpuSeconds());
    summary.put("wall_seconds", cost.wallSeconds());
    summary.put("report", folder.shown());
    return summary;
  }

  private void status(String word, Map<String, Object> summary) throws IOException {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("run", runId);
    status.put("trial", identity.id());
    status.put("started_at", startedAt.toString());
    status.put(
        "of",
        "%s by %s on %s"
            .formatted(
                settings.shape().widths(), settings.values().get("rule.name"), dataset.name()));
    LabelledImages images = dataset.train();
    status.put("image", List.of(images.rows(), images.columns(), images.channels()));
    if (settings.features().isPresent()) {
      status.put("features", settings.featuresIdentity(dataset.sha256()).id());
    }
    if (init != null) {
      status.put("init", init);
    }
    status.putAll(summary);
    status.put("status", word);
    folder.write(RunFolder.STATUS, (Json.of(status) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
