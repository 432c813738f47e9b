package org.grlu.run;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.network.ModelFileException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.TrialStatus;
import org.grlu.spark.JobMetrics;
import org.grlu.spark.TrialWork;
import org.grlu.store.Committer;
import org.grlu.store.RunRows;
import org.grlu.store.TrialIndex;
import org.grlu.sweep.DatasetCuts;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.SweepProgress;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.TrialSettings;

/**
 * A sweep's trials on their way to tasks and from there to the committer: checkpoints and weights
 * first, then rows.
 */
final class SweepTrials implements SweepLoop.Trials {
  static final String CHECKPOINTS = "checkpoints";

  private static final int NAMED = 8;
  private static final int SHORT = 8;

  private final String sweep;
  private final RunFolder folder;
  private final Map<String, PlannedTrial> plan;
  private final String datasetSha256;
  private final DatasetCuts cuts;
  private final double maxMinutes;
  private final List<Integer> rungs;
  private final String sparkVersion;
  private final KeptModels models;
  private final Committer committer;
  private final Listener listener;

  /** By trial: the id of the features that it reads. */
  private final Map<String, String> codes = new HashMap<>();

  /** By trial: the last epoch whose row is in the table already. */
  private final Map<String, Integer> written;

  /** By trial: what it came to without the diagnostics that it runs again for. */
  private final Map<String, List<TrialIndex.Undiagnosed>> undiagnosed;

  /** Hears of ends. */
  interface Listener {
    void ended(PlannedTrial trial, TrialOutcome outcome);

    /** Something that happens once. */
    void said(String line);

    void tick(SweepLoop loop);
  }

  /**
   * @param sweep its name
   * @param plan its trials by id; more may be added
   * @param cuts of the dataset, with the codes that the trials read
   * @param maxMinutes that a trial may take; 0 for any
   * @param rungs of halving; empty without
   * @param written Modified; by trial: the last epoch whose row is in the table already
   * @param undiagnosed by trial: what it came to without the diagnostics that it runs again for
   */
  SweepTrials(
      String sweep,
      RunFolder folder,
      Map<String, PlannedTrial> plan,
      DatasetCuts cuts,
      String datasetSha256,
      double maxMinutes,
      List<Integer> rungs,
      Map<String, Integer> written,
      Map<String, List<TrialIndex.Undiagnosed>> undiagnosed,
      String sparkVersion,
      KeptModels models,
      Committer committer,
      Listener listener) {
    this.sweep = sweep;
    this.folder = folder;
    this.plan = plan;
    this.datasetSha256 = datasetSha256;
    this.cuts = cuts;
    this.maxMinutes = maxMinutes;
    this.rungs = rungs;
    this.written = written;
    this.undiagnosed = undiagnosed;
    this.sparkVersion = sparkVersion;
    this.models = models;
    this.committer = committer;
    this.listener = listener;
  }

  /** What is left to do of a trial until an epoch. */
  SweepLoop.Item item(PlannedTrial trial, int until) {
    int epochs = trial.epochs();
    int before = written.getOrDefault(trial.trialId(), 0);
    double share = (double) Math.max(1, until - before) / epochs;
    return new SweepLoop.Item(
        trial.trialId(), trial.expectedCost() * share, until, !rungs.isEmpty() || models.wanted());
  }

  @Override
  public TrialWork work(SweepLoop.Item item) throws IOException {
    TrialSettings trial = settings(item).trial();
    byte[] checkpoint = rungs.isEmpty() ? null : checkpoint(item.id(), trial);
    return new TrialWork(item.id(), trial, checkpoint, item.until(), maxMinutes, models.wanted());
  }

  /** A trial's checkpoint; null where there is none that can be used. */
  private byte[] checkpoint(String id, TrialSettings trial) throws IOException {
    byte[] bytes = folder.read(file(id)).orElse(null);
    if (bytes != null) {
      try {
        Checkpoint reached = Checkpoint.fromFile(bytes, trial);
        if (trial.diagnosed() && !reached.epochs().stream().allMatch(EpochMetrics::diagnosed)) {
          return null;
        }
      } catch (ModelFileException e) {
        listener.said(
            "%s/%s: %s; its trial begins from the start"
                .formatted(folder.shown(), file(id), e.getMessage()));
        return null;
      }
    }
    return bytes;
  }

  private Settings settings(SweepLoop.Item item) {
    return plan.get(item.id()).settings();
  }

  private static String file(String trialId) {
    return CHECKPOINTS + "/" + trialId + ".npz";
  }

  @Override
  public Dataset dataset(SweepLoop.Item item) {
    return cuts.of(settings(item));
  }

  @Override
  public String codes(SweepLoop.Item item) {
    // it is asked for often, and takes a digest
    return codes.computeIfAbsent(
        item.id(),
        id -> {
          PlannedTrial trial = plan.get(id);
          return trial.setting().features().isEmpty()
              ? ""
              : trial.settings().featuresIdentity(datasetSha256).id();
        });
  }

  @Override
  public String description(List<SweepLoop.Item> items) {
    if (items.size() == 1) {
      PlannedTrial trial = plan.get(items.get(0).id());
      return "sweep %s: trial %s, seed %d, %s"
          .formatted(
              sweep,
              shortId(trial.trialId()),
              trial.seed(),
              SweepProgress.words(trial.parameters()));
    }
    String more = items.size() > NAMED ? " and %d more".formatted(items.size() - NAMED) : "";
    return items.stream()
        .limit(NAMED)
        .map(item -> shortId(item.id()))
        .collect(Collectors.joining(" ", "sweep %s: trials ".formatted(sweep), more));
  }

  private static String shortId(String trialId) {
    return trialId.substring(0, SHORT);
  }

  @Override
  public void ended(SweepLoop.Item item, TrialEnd end) throws IOException {
    PlannedTrial trial = plan.get(item.id());
    TrialOutcome outcome = asKnown(item.id(), end.outcome());
    if (outcome.status() == TrialStatus.STOPPED) {
      folder.write(file(item.id()), outcome.model());
    }
    models.ended(trial, outcome);
    int before = written.getOrDefault(item.id(), 0);
    List<EpochMetrics> epochs =
        outcome.epochs().stream().filter(metrics -> metrics.epoch() > before).toList();
    written.put(item.id(), Math.max(before, outcome.epochs().size()));
    RunRows.Origin origin =
        new RunRows.Origin(
            item.id(),
            trial.settingId(),
            datasetSha256,
            sweep,
            rungs.isEmpty() ? null : rung(outcome.epochs().size()),
            Instant.now().minusMillis((long) (end.seconds() * 1000)),
            sparkVersion);
    committer.add(
        RunRows.trial(origin, trial.settings(), outcome),
        RunRows.beside(item.id(), trial.settings().stream(), epochs));
    JobMetrics.ended(outcome.status());
    epochs.forEach(metrics -> JobMetrics.EXAMPLES.mark(metrics.examples()));
    listener.ended(trial, outcome);
    models.counted(trial);
  }

  /** A failure where a trial that ran again for its diagnostics has other weights than before. */
  private TrialOutcome asKnown(String id, TrialOutcome outcome) {
    int epochs = outcome.epochs().size();
    for (TrialIndex.Undiagnosed known : undiagnosed.getOrDefault(id, List.of())) {
      boolean compared = outcome.weightsSha256() != null && known.end().epochs() == epochs;
      if (compared && !outcome.weightsSha256().equals(known.weightsSha256())) {
        String why =
            "weights after epoch %d have SHA-256 %s, where this trial had %s without diagnostics"
                .formatted(epochs, outcome.weightsSha256(), known.weightsSha256());
        listener.said("trial %s: %s".formatted(shortId(id), why));
        return new TrialOutcome(
            TrialStatus.FAILED,
            why,
            null,
            null,
            List.of(),
            outcome.cost(),
            outcome.kernels(),
            outcome.host());
      }
    }
    return outcome;
  }

  private int rung(int epochs) {
    return (int) rungs.stream().filter(rung -> rung <= epochs).count();
  }

  @Override
  public void tick(SweepLoop loop) {
    listener.tick(loop);
  }
}
