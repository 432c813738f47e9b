package org.grlu.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Sweeps' folders with figures that are made up, but look like what training gives. */
final class SweepFixture {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private static final List<Column> CONFIGURATION =
      List.of(
          Column.required("training_seed", Column.Type.LONG),
          Column.required("rule_perturbations", Column.Type.LONG),
          Column.required("training_learning_rate_max", Column.Type.DOUBLE),
          Column.required("rule_gate", Column.Type.STRING),
          Column.required("network_layers", Column.Type.LONGS));

  private final RunFolder folder;
  private final List<Object[]> trials = new ArrayList<>();
  private final List<Object[]> epochs = new ArrayList<>();
  private final Random random = new Random(7);
  private boolean diagnosed;
  private String name;

  private SweepFixture(RunFolder folder) {
    this.folder = folder;
  }

  static SweepFixture in(Path folder) throws IOException {
    return new SweepFixture(RunFolder.at(folder.toString(), new Configuration()));
  }

  RunFolder folder() {
    return folder;
  }

  /**
   * Four parameters, with diagnostics, five seeds, of which the highest rate diverges and one trial
   * fails.
   */
  SweepFixture grid(Goal rankBy) throws IOException {
    diagnosed = true;
    describe(
        new SweepDescription(
            "rate-by-gate",
            "grid",
            List.of(rankBy),
            List.of(
                new SweepDescription.Parameter(
                    "rule.perturbations", "rule_perturbations", "log", "[1, 4, 16, 64]"),
                new SweepDescription.Parameter(
                    "training.learning-rate.max",
                    "training_learning_rate_max",
                    "log",
                    "[0.01, 0.03, 0.1, 0.3]"),
                new SweepDescription.Parameter(
                    "rule.gate", "rule_gate", "category", "[none, active]"),
                new SweepDescription.Parameter(
                    "network.layers",
                    "network_layers",
                    "category",
                    "[[784, 256, 10], [784, 128, 128, 10]]")),
            List.of(1L, 2L, 3L, 4L, 5L),
            64,
            320,
            10,
            "mnist",
            10_000,
            "grlu sweep conf/sweeps/rate-by-gate.conf",
            null,
            null));
    for (long perturbations : new long[] {1, 4, 16, 64}) {
      for (double rate : new double[] {0.01, 0.03, 0.1, 0.3}) {
        for (String gate : List.of("none", "active")) {
          for (List<Long> layers :
              List.of(List.of(784L, 256L, 10L), List.of(784L, 128L, 128L, 10L))) {
            setting(perturbations, rate, gate, layers);
          }
        }
      }
    }
    return written();
  }

  /** Settings drawn at random, along two log scales. */
  SweepFixture draws(int settings) throws IOException {
    describe(
        new SweepDescription(
            "draws",
            "random",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(
                new SweepDescription.Parameter(
                    "rule.perturbations", "rule_perturbations", "log", "log-uniform 1 to 128"),
                new SweepDescription.Parameter(
                    "training.learning-rate.max",
                    "training_learning_rate_max",
                    "log",
                    "log-uniform 0.001 to 1"),
                new SweepDescription.Parameter(
                    "rule.gate", "rule_gate", "category", "choice none, active")),
            List.of(1L, 2L, 3L, 4L, 5L),
            settings,
            5L * settings,
            10,
            "mnist",
            10_000,
            "grlu sweep conf/sweeps/draws.conf",
            null,
            null));
    for (int i = 0; i < settings; i++) {
      long perturbations = Math.round(Math.exp(random.nextDouble() * Math.log(128)));
      double rate = Math.exp(Math.log(0.001) + random.nextDouble() * Math.log(1000));
      String gate = random.nextBoolean() ? "active" : "none";
      setting(perturbations, rate, gate, List.of(784L, 256L, 10L));
    }
    return written();
  }

  /** One setting that is done, and two that wait at a rung. */
  SweepFixture rungs() throws IOException {
    describe(
        new SweepDescription(
            "rungs",
            "halving",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(
                new SweepDescription.Parameter(
                    "training.learning-rate.max",
                    "training_learning_rate_max",
                    "log",
                    "log-uniform 0.1 to 4")),
            List.of(1L, 2L, 3L, 4L, 5L),
            3,
            15,
            10,
            "mnist",
            10_000,
            "grlu sweep conf/sweeps/rungs.conf",
            null,
            null));
    for (double rate : new double[] {0.1, 2, 3}) {
      setting(16, rate, "active", List.of(784L, 256L, 10L));
    }
    return written();
  }

  /** One parameter, of which every value diverges: all is over, and nothing has a result. */
  SweepFixture diverged() throws IOException {
    describe(
        new SweepDescription(
            "diverged",
            "grid",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(
                new SweepDescription.Parameter(
                    "training.learning-rate.max", "training_learning_rate_max", "log", "[8, 9]")),
            List.of(1L, 2L),
            2,
            4,
            10,
            "mnist",
            10_000,
            "grlu sweep conf/sweeps/diverged.conf",
            null,
            null));
    for (double rate : new double[] {8, 9}) {
      for (long seed = 1; seed <= 2; seed++) {
        trial("rate-" + rate, seed, "diverged", 0.9, 1, rate, "none", List.of(784L, 256L, 10L));
      }
    }
    return written();
  }

  /**
   * Streams of two tasks, two seeds, and codes of classes that overlap the more the more is
   * forgotten; what the slow system has seen differs.
   */
  SweepFixture tasks() throws IOException {
    describe(
        new SweepDescription(
            "tasks",
            "grid",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(
                new SweepDescription.Parameter(
                    "rule.perturbations", "rule_perturbations", "log", "[1, 4, 16]"),
                new SweepDescription.Parameter(
                    "rule.gate", "rule_gate", "category", "[none, active]")),
            List.of(1L, 2L),
            6,
            12,
            2,
            "mnist",
            10_000,
            "grlu sweep conf/sweeps/tasks.conf",
            null,
            null));
    for (long perturbations : new long[] {1, 4, 16}) {
      for (String gate : List.of("none", "active")) {
        for (long seed = 1; seed <= 2; seed++) {
          ofTasks(perturbations, gate, seed);
        }
      }
    }
    return written();
  }

  private void ofTasks(long perturbations, String gate, long seed) {
    double cosine = 1 / Math.sqrt((double) perturbations);
    double learnt = gate.equals("active") ? 0.95 : 0.9;
    double kept = learnt - 0.4 * cosine + 0.01 * (double) seed;
    String setting = gate + "-" + perturbations;
    int before = epochs.size();
    trial(setting, seed, "stopped", 0.3 * cosine, perturbations, 0.1, gate, List.of(784L, 10L));
    Object[] trial = trials.get(trials.size() - 1);
    set(trial, Tables.trials(CONFIGURATION), "status", "done");
    set(trial, Tables.trials(CONFIGURATION), "features_seen", gate + ": <images>");
    for (int t = 0; t < 2; t++) {
      Object[] epoch = epochs.get(before + t);
      set(
          epoch,
          Tables.epochs(),
          "task_accuracy",
          t == 0 ? List.of(learnt, 0.0) : List.of(kept, learnt));
      for (Object[] row : List.of(epoch, trial)) {
        Schema schema = row == trial ? Tables.trials(CONFIGURATION) : Tables.epochs();
        set(row, schema, "average_accuracy", t == 0 ? learnt : (kept + learnt) / 2);
        set(row, schema, "backward_transfer", t == 0 ? null : (Double) (kept - learnt));
        set(row, schema, "forgetting", t == 0 ? null : (Double) (learnt - kept));
        set(row, schema, "learning_accuracy", learnt);
        set(row, schema, "largest_class_cosine", cosine);
      }
    }
  }

  private static void set(Object[] row, Schema schema, String column, Object value) {
    row[schema.columns().stream().map(Column::name).toList().indexOf(column)] = value;
  }

  private void describe(SweepDescription description) throws IOException {
    name = description.name();
    folder.create();
    folder.write(SweepDescription.FILE, description.toJson());
  }

  private SweepFixture written() throws IOException {
    folder.table(RunFolder.TRIALS).append(Tables.trials(CONFIGURATION), trials);
    folder.table(RunFolder.EPOCHS).append(Tables.epochs(), epochs);
    return this;
  }

  private void setting(long perturbations, double rate, String gate, List<Long> layers) {
    String setting = "%s-%s-%s-%s".formatted(perturbations, rate, gate, layers.size());
    double pairs = (double) perturbations;
    double best = 0.05 * Math.pow(pairs, 0.25);
    double off = Math.log(rate / best);
    double error =
        0.095 / Math.pow(pairs, 0.28) * (1 + 0.25 * off * off)
            + (gate.equals("active") ? 0.012 : 0.03)
            + 0.008 * (layers.size() - 3);
    for (long seed = 1; seed <= 5; seed++) {
      boolean diverged =
          rate > 0.25 && rate <= 1 && perturbations < 8 && (seed + perturbations) % 3 == 0;
      boolean failed = perturbations == 64 && seed == 4 && rate == 0.03;
      String over = rate > 1 ? "stopped" : "done";
      String status = diverged ? "diverged" : failed ? "failed" : over;
      trial(setting, seed, status, Math.min(0.89, error), perturbations, rate, gate, layers);
    }
  }

  /** Four trials a minute; after 160 of them the sweep was stopped for two days. */
  private static Instant began(int trial) {
    return START.plusSeconds(60L * (trial / 4) + (trial < 160 ? 0 : 2 * 86_400));
  }

  private void trial(
      String setting,
      long seed,
      String status,
      double error,
      long perturbations,
      double rate,
      String gate,
      List<Long> layers) {
    String id = setting + "-" + seed;
    int last = status.equals("done") ? 10 : 2;
    double luck = 0.004 * random.nextGaussian();
    double cpu = (0.4 + 0.03 * perturbations) * (0.95 + 0.1 * random.nextDouble());
    Map<String, Double> reached = new LinkedHashMap<>();
    for (int epoch = 1; epoch <= last; epoch++) {
      double accuracy = 1 - (error + luck) * (1 + 1.6 * Math.exp(-0.55 * (epoch - 1)));
      reached.put("validation", accuracy);
      List<Object> row = epoch(id, epoch, rate, accuracy, cpu);
      row.addAll(diagnosis(epoch, perturbations, layers.size() - 1));
      epochs.add(row.toArray());
    }
    double validation = reached.get("validation");
    boolean done = status.equals("done");
    String failure =
        done || status.equals("stopped")
            ? null
            : status.equals("failed")
                ? "java.lang.IllegalStateException: <img src=x onerror=alert(1)> & worse"
                : "weights not finite after step 1,234";
    List<Object> row = new ArrayList<>();
    row.addAll(Arrays.asList(Tables.VERSION, id, status, failure));
    row.addAll(List.of(seed, perturbations, rate, gate, layers));
    row.addAll(List.of("d".repeat(64), last));
    row.addAll(
        Arrays.asList(
            validation + 0.006, validation, validation - 0.002, done ? "w".repeat(64) : null));
    row.addAll(List.of(50_000L * last * 2 * perturbations, cpu * last, cpu * last * 1.04));
    row.addAll(Arrays.asList(null, null, null, null, null, null));
    Instant began = began(trials.size());
    row.addAll(List.of(began, began.plusSeconds(40 + 5L * (trials.size() % 4))));
    row.addAll(
        List.of("0.1.0 (1a2b3c4)", "17.0.15", "4.1.3", "simd 512", "worker-" + (1 + seed % 2)));
    row.addAll(Arrays.asList(name, setting, null, 4, null, null));
    row.addAll(Arrays.asList(new Object[11]));
    trials.add(row.toArray());
  }

  private static List<Object> epoch(
      String id, int epoch, double rate, double accuracy, double cpu) {
    List<Object> row = new ArrayList<>();
    row.addAll(List.of(Tables.VERSION, id, epoch, rate, 0.1, -0.5));
    row.addAll(List.of(accuracy + 0.006, accuracy, accuracy - 0.002, List.of(0.5)));
    row.addAll(List.of(50_000L, 3_200_000L, cpu, cpu * 1.04));
    row.addAll(Arrays.asList(null, null, null, null, null, null));
    return row;
  }

  /**
   * Better with more perturbations, and in the output; of the first layer's mean nothing is known.
   */
  private List<Object> diagnosis(int epoch, long perturbations, int layers) {
    if (!diagnosed) {
      return Arrays.asList(new Object[8 + 13]);
    }
    List<Double> example = new ArrayList<>();
    List<Double> mean = new ArrayList<>();
    for (int layer = 1; layer <= layers; layer++) {
      example.add(layer / Math.sqrt(layer * layer + 60.0 / perturbations + epoch));
      mean.add(layer == 1 ? Double.NaN : 1 - 0.01 * epoch);
    }
    List<Object> row =
        new ArrayList<>(
            List.of(example, mean, example, example, example, example, List.of(0.0), 0.01));
    row.addAll(Arrays.asList(new Object[13]));
    return row;
  }
}
