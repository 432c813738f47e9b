package org.grlu.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.ConfigReader;
import org.grlu.config.Json;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.network.Weights;
import org.grlu.reports.HadoopFiles;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.TrialSearch;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.StepSettings;
import org.grlu.run.Features;
import org.grlu.run.SweepResult;
import org.grlu.run.SweepRun;
import org.grlu.spark.Slots;
import org.grlu.store.RunRows;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.Search;
import org.grlu.sweep.SweepPlan;
import org.grlu.sweep.SweepProgress;
import org.grlu.sweep.SweepRequest;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;
import org.grlu.training.Diagnosis;
import org.grlu.training.EpochEnd;
import org.grlu.training.EpochMetrics;
import org.grlu.training.Evaluation;
import org.grlu.training.Retention;
import org.grlu.training.StepTimes;

/** What sweeps cost beside their trials, by the code that runs them, in a folder of its own. */
public final class SweepBenchmark {
  private static final int UNEQUAL = 20;
  private static final double SHORTEST_SECONDS = 2;
  private static final double LONGEST_SECONDS = 30;
  private static final int TINY_SETTINGS = 2000;
  private static final int KNOWN_SETTINGS = 10_000;
  private static final int ROWS = 10_000;

  private static final String NAME = "bench";

  private final Path folder;
  private final double scale;
  private final Consumer<String> shown;

  /**
   * @param folder for results
   * @param scale of numbers of trials and of their lengths; 1 is the full measurement
   * @param shown gets a line of progress now and then
   */
  public SweepBenchmark(Path folder, double scale, Consumer<String> shown) {
    this.folder = folder;
    this.scale = scale;
    this.shown = shown;
  }

  /**
   * How well slots are used: 60 trials of 2 to 30 seconds each.
   *
   * @param mnist uncut
   */
  public Map<String, Object> slots(JavaSparkContext spark, Dataset mnist)
      throws IOException, InterruptedException {
    String warm =
        "training.epochs = 3\n  sweep { parameters { rule.perturbations = [1] }, seeds = [101, 102] }";
    run(spark, mnist, file("warm", common("mnist") + warm));
    // of the CPU, and the least: the first epochs run in a JVM that is cold
    double[] perEpoch = {Double.MAX_VALUE};
    each(
        "warm",
        RunFolder.EPOCHS,
        "cpu_seconds",
        seconds -> perEpoch[0] = Math.min(perEpoch[0], seconds));
    TreeSet<Long> epochs = new TreeSet<>();
    for (int i = 0; i < UNEQUAL; i++) {
      double seconds =
          SHORTEST_SECONDS + (LONGEST_SECONDS - SHORTEST_SECONDS) * i / (UNEQUAL - 1.0);
      epochs.add(Math.max(1, Math.round(scale * seconds / perEpoch[0])));
    }
    String sweep =
        "sweep { parameters { training.epochs = %s }, seeds = 3 }"
            .formatted(Json.of(List.copyOf(epochs)));
    Map<String, Object> figures = run(spark, mnist, file("slots", common("mnist") + sweep));
    double cpu = sum("cpu_seconds");
    double busy = sum("wall_seconds");
    double wall = (double) figures.get("wall_seconds");
    int slots = Slots.of(spark);
    figures.put("slots", (long) slots);
    figures.put("cpu_seconds", cpu);
    figures.put("cpu_share", cpu / (slots * wall));
    figures.put("busy_share", busy / (slots * wall));
    return figures;
  }

  /** 20,000 trials of 784-4-10 on 50 examples of the digits in the jar, for an epoch. */
  public Map<String, Object> tiny(JavaSparkContext spark) throws IOException, InterruptedException {
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    Map<String, Object> figures = run(spark, Datasets.sample(), file("tiny", grid(TINY_SETTINGS)));
    long peak = pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    figures.put("heap_peak_megabytes", peak / 1e6);
    figures.put("heap_limit_megabytes", Runtime.getRuntime().maxMemory() / 1e6);
    figures.put("files", (long) sweepFolder(NAME + "-tiny").table(RunFolder.TRIALS).files());
    return figures;
  }

  /** Planning 100,000 trials that are all known. */
  public Map<String, Object> planning() throws IOException, InterruptedException {
    Dataset digits = Datasets.sample();
    Path conf = file("known", grid(KNOWN_SETTINGS));
    SweepPlan plan = SweepPlan.of(ConfigReader.sweep(conf, List.of()), digits);
    shown.accept("writing %d known trials".formatted(plan.trials().size()));
    write(plan, digits);
    long start = System.nanoTime();
    SweepFile file = ConfigReader.sweep(conf, List.of());
    Search again = Search.of(file, digits);
    double planned = seconds(start);
    Map<String, Object> figures = new LinkedHashMap<>();
    try (SweepRun run =
        SweepRun.open(
            new SweepRequest(file, again, digits, SweepRequest.Failed.KEEP, ""),
            Features.ofOwnImages(),
            new Shown())) {
      boolean complete = run.isComplete();
      figures.put("trials", (long) again.plan().trials().size());
      figures.put("plan_seconds", planned);
      figures.put("wall_seconds", seconds(start));
      figures.put("all_known", complete);
    }
    return figures;
  }

  private void write(SweepPlan plan, Dataset digits) throws IOException {
    RunFolder known = sweepFolder(NAME + "-known");
    Schema schema = RunRows.trialSchema(plan.trials().get(0).settings());
    Evaluation.Result half = new Evaluation.Result(2, 1, List.of(0.5), List.of(0.0));
    EpochMetrics metrics =
        EpochMetrics.of(
            new EpochEnd(
                1,
                new StepSettings(0, 0.1, 0.1),
                -1,
                half,
                half,
                half,
                half,
                50,
                1600,
                0.1,
                0.1,
                StepTimes.NONE,
                Diagnosis.none(2),
                Map.of(),
                new Weights(plan.trials().get(0).settings().trial().shape()),
                digits,
                Retention.NONE,
                Retention.NONE,
                Double.NaN,
                Double.NaN));
    TrialOutcome outcome =
        new TrialOutcome(
            TrialStatus.DONE,
            null,
            null,
            digits.sha256(),
            List.of(metrics),
            Cost.NONE,
            "none",
            "none");
    List<Object[]> rows = new ArrayList<>();
    for (PlannedTrial trial : plan.trials()) {
      RunRows.Origin origin =
          new RunRows.Origin(
              trial.trialId(),
              trial.settingId(),
              digits.sha256(),
              NAME,
              null,
              Instant.now(),
              "none");
      rows.add(RunRows.trial(origin, trial.settings(), outcome));
      if (rows.size() == ROWS) {
        known.table(RunFolder.TRIALS).append(schema, rows);
        rows.clear();
      }
    }
    known.table(RunFolder.TRIALS).append(schema, rows);
  }

  private String common(String dataset) {
    return """
        dataset { name = %s, validation-examples = 10000 }
        network.layers = [784, 256, 10]
        rule { perturbations = 1, gate = active }
        report.directory = %s
        """
        .formatted(dataset, Json.of(folder.toString()));
  }

  /** Settings that differ in the learning rate, with ten seeds each. */
  private String grid(int settings) {
    int count = Math.max(1, (int) Math.round(settings * scale));
    String rates =
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> String.format(Locale.ROOT, "%.6f", 0.1 * i / count))
            .distinct()
            .collect(Collectors.joining(", "));
    return """
        dataset { name = mnist-sample, train-examples = 50, validation-examples = 100 }
        network.layers = [784, 4, 10]
        training.epochs = 1
        report.directory = %s
        sweep { parameters { training.learning-rate.max = [%s] }, seeds = 10 }
        """
        .formatted(Json.of(folder.toString()), rates);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(
        folder.resolve(NAME + "-" + name + ".conf"), "grlu {\n" + content + "\n}\n");
  }

  private Map<String, Object> run(JavaSparkContext spark, Dataset dataset, Path conf)
      throws IOException, InterruptedException {
    SweepFile file = ConfigReader.sweep(conf, List.of());
    SweepRequest request =
        new SweepRequest(
            file, Search.of(file, dataset), dataset, SweepRequest.Failed.KEEP, "bench --sweep");
    try (SweepRun run = SweepRun.open(request, Features.ofOwnImages(), new Shown())) {
      long start = System.nanoTime();
      SweepResult result = run.run(spark);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("trials", request.planned());
      figures.put("done", result.progress().done());
      figures.put("wall_seconds", seconds(start));
      return figures;
    }
  }

  private RunFolder sweepFolder(String name) throws IOException {
    String sweeps = folder.resolve(TrialSearch.SWEEPS).toString();
    return RunFolder.in(sweeps, name, HadoopFiles.configuration());
  }

  private double sum(String column) throws IOException {
    double[] sum = {0};
    each("slots", RunFolder.TRIALS, column, value -> sum[0] += value);
    return sum[0];
  }

  private void each(String sweep, String table, String column, DoubleConsumer value)
      throws IOException {
    sweepFolder(NAME + "-" + sweep)
        .table(table)
        .each(row -> value.accept((double) row.get(column)), column);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private final class Shown implements SweepRun.Listener {
    @Override
    public void progress(SweepProgress p) {
      shown.accept("done %d, running %d, left %d".formatted(p.done(), p.running(), p.left()));
    }

    @Override
    public void said(String line) {
      shown.accept(line);
    }
  }
}
