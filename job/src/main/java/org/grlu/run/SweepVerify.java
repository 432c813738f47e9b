package org.grlu.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.Budget;
import org.grlu.config.ConfigReader;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.noise.StreamKey;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.NoPathException;
import org.grlu.reports.RunFolder;
import org.grlu.reports.SweepDescription;
import org.grlu.reports.Table;
import org.grlu.reports.TrialStatus;
import org.grlu.spark.TrialPool;
import org.grlu.spark.TrialWork;
import org.grlu.store.RunException;
import org.grlu.sweep.DatasetCuts;
import org.grlu.sweep.Limits;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.EpochMetrics;

/** Runs some of a sweep's finished trials again and compares what comes out with its tables. */
public final class SweepVerify {
  private static final List<String> COMPARED =
      List.of("mean_reward", "train_accuracy", "validation_accuracy", "test_accuracy");

  private final RunFolder folder;
  private final Map<String, Map<String, Object>> rows = new LinkedHashMap<>();

  /**
   * What came of a trial.
   *
   * @param expected the weights' digest in the table
   * @param actual the digest now; null where there are no weights
   * @param difference one line; null where nothing differs
   */
  public record Verified(String trialId, String expected, String actual, String difference) {}

  /** Hears how it goes. */
  public interface Listener {
    /** So many trials of the sample are over. */
    void ended(int trials);

    /** Something that happens once. */
    void said(String line);
  }

  /**
   * Takes a sample of a sweep's finished trials: the same of the same table and seed.
   *
   * @param directory the sweep's folder
   * @throws RunException where there is no such table, or no finished trial in it
   */
  public SweepVerify(String directory, int sample, long seed) throws IOException {
    try {
      folder = RunFolder.in(directory, ".", HadoopFiles.configuration());
    } catch (NoPathException e) {
      throw new RunException("DIR " + directory + ": not a path or URI");
    }
    if (!folder.exists()) {
      throw new RunException(directory + ": there is no such folder");
    }
    Table trials = folder.table(RunFolder.TRIALS);
    if (trials.files() == 0 && folder.read(SweepDescription.FILE).isEmpty()) {
      throw new RunException(directory + ": not a sweep's folder");
    }
    Map<String, Map<String, Object>> done = new HashMap<>();
    trials.each(
        row -> {
          if (TrialStatus.of(row.get("status")) == TrialStatus.DONE) {
            done.put((String) row.get("trial_id"), row);
          }
        });
    if (done.isEmpty()) {
      throw new RunException(directory + ": holds no finished trial of a sweep");
    }
    Comparator<String> byHash =
        Comparator.comparingLong(
            id -> StreamKey.child(seed, Long.parseUnsignedLong(id.substring(0, 16), 16)));
    done.keySet().stream()
        .sorted(byHash.thenComparing(Comparator.naturalOrder()))
        .limit(sample)
        .forEach(id -> rows.put(id, done.get(id)));
  }

  /** How many trials are in the sample. */
  public int size() {
    return rows.size();
  }

  /** The configuration of the sample's first trial, which tells the dataset of all. */
  public Settings first() {
    return settings(rows.values().iterator().next());
  }

  static Settings settings(Map<String, Object> row) {
    Settings defaults = ConfigReader.read(null, List.of());
    Map<String, Object> values = new HashMap<>();
    for (String path : defaults.values().keySet()) {
      Object value = row.get(RowSettings.column(path));
      if (value != null) {
        values.put(path, value);
      }
    }
    // they change nothing that is compared
    values.put("report.diagnostics", "none");
    // what slow systems there were is not taken over: they are trained again where this is called
    values.remove("report.directory");
    return defaults.with(values);
  }

  /** Another version of a rule gives other weights, and that would show nothing. */
  static void checkVersion(String shown, Map<String, Object> row) {
    Settings settings = settings(row);
    Object version = row.get("rule_version");
    int now = settings.rule().version();
    String id = settings.identity((String) row.get("dataset_sha256")).id();
    if (!row.get("trial_id").equals(id) && !Objects.equals(version, now)) {
      throw new RunException(
          "%s: its trials were trained by %s of rule %s, this is version %d, which gives other weights; sweep it again"
              .formatted(
                  shown,
                  version == null ? "an older version" : "version " + version,
                  settings.values().get("rule.name"),
                  now));
    }
  }

  /**
   * Runs the sample.
   *
   * @param uncut the dataset
   * @param features where slow systems come from
   * @return in the sample's order
   * @throws RunException where the dataset, or a rule's version, is another than the sweep's
   */
  public List<Verified> run(
      JavaSparkContext spark, Dataset uncut, Features features, Listener listener)
      throws IOException, InterruptedException {
    for (Map<String, Object> row : rows.values()) {
      if (!uncut.sha256().equals(row.get("dataset_sha256"))) {
        throw new RunException(
            "%s: is of dataset %s, this one is %s"
                .formatted(folder.shown(), row.get("dataset_sha256"), uncut.sha256()));
      }
      checkVersion(folder.shown(), row);
    }
    Rerun rerun = new Rerun(uncut, listener);
    for (Map<String, Object> row : rows.values()) {
      Settings settings = settings(row);
      if (settings.features().isPresent()) {
        Dataset images = rerun.cuts.images(settings);
        rerun.cuts.add(features.encoder(settings, images, spark, "verify", listener::said));
      }
    }
    try (TrialPool pool = new TrialPool(spark, "verify")) {
      Budget none = new Budget(0, 0, 0, 0, 0, 2);
      SweepLoop loop =
          new SweepLoop(pool, rerun, new Limits(none, Optional::empty), none.lostExecutors());
      List<SweepLoop.Item> items = new ArrayList<>();
      rows.forEach(
          (id, row) ->
              items.add(
                  new SweepLoop.Item(
                      id, (double) row.get("cpu_seconds"), (int) row.get("epochs_done"), false)));
      loop.run(items);
    }
    Map<String, Map<Integer, Map<String, Object>>> epochs = new HashMap<>();
    folder
        .table(RunFolder.EPOCHS)
        .each(
            row -> {
              String id = (String) row.get("trial_id");
              if (rows.containsKey(id)) {
                epochs.computeIfAbsent(id, key -> new HashMap<>()).put((int) row.get("epoch"), row);
              }
            });
    List<Verified> verified = new ArrayList<>();
    rows.forEach(
        (id, row) ->
            verified.add(
                compared(id, row, epochs.getOrDefault(id, Map.of()), uncut, rerun.outcomes)));
    return verified;
  }

  private static Verified compared(
      String id,
      Map<String, Object> row,
      Map<Integer, Map<String, Object>> epochs,
      Dataset uncut,
      Map<String, TrialOutcome> outcomes) {
    TrialOutcome outcome = outcomes.get(id);
    String expected = (String) row.get("weights_sha256");
    String actual = outcome.weightsSha256();
    String now = settings(row).identity(uncut.sha256()).id();
    String difference = null;
    if (!now.equals(id)) {
      difference = "this program gives its configuration another id: " + now;
    } else if (outcome.status() != TrialStatus.DONE) {
      difference = "%s this time: %s".formatted(outcome.status().word(), outcome.reason());
    } else if (!Objects.equals(expected, actual)) {
      difference = firstDifference(epochs, outcome.epochs());
    }
    return new Verified(id, expected, actual, difference);
  }

  private static String firstDifference(
      Map<Integer, Map<String, Object>> known, List<EpochMetrics> now) {
    for (EpochMetrics metrics : now) {
      Map<String, Object> row = known.get(metrics.epoch());
      if (row == null) {
        return "epoch %d is not in the table".formatted(metrics.epoch());
      }
      double[] values = {
        metrics.meanReward(),
        metrics.trainAccuracy(),
        metrics.validationAccuracy(),
        metrics.testAccuracy()
      };
      for (int i = 0; i < values.length; i++) {
        Object before = row.get(COMPARED.get(i));
        double was = before == null ? Double.NaN : (double) before;
        if (Double.compare(was, values[i]) != 0) {
          return "from epoch %d: %s was %s, is %s"
              .formatted(metrics.epoch(), COMPARED.get(i), was, values[i]);
        }
      }
    }
    return "the weights alone: all epochs' metrics agree";
  }

  /** Trials of the table on their way to tasks. */
  private final class Rerun implements SweepLoop.Trials {
    private final Map<String, TrialOutcome> outcomes = new HashMap<>();
    private final DatasetCuts cuts;
    private final Listener listener;

    Rerun(Dataset uncut, Listener listener) {
      this.cuts = new DatasetCuts(uncut);
      this.listener = listener;
    }

    @Override
    public TrialWork work(SweepLoop.Item item) {
      Settings settings = settings(rows.get(item.id()));
      return new TrialWork(item.id(), settings.trial(), null, item.until(), 0);
    }

    @Override
    public Dataset dataset(SweepLoop.Item item) {
      return cuts.of(settings(rows.get(item.id())));
    }

    @Override
    public String description(List<SweepLoop.Item> items) {
      return "verify trial " + items.get(0).id().substring(0, 8);
    }

    @Override
    public void ended(SweepLoop.Item item, TrialEnd end) {
      outcomes.put(item.id(), end.outcome());
      listener.ended(outcomes.size());
    }

    @Override
    public void tick(SweepLoop loop) {}
  }
}
