package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.config.Budget;
import org.grlu.config.ConfigReader;
import org.grlu.config.KeepModels;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.Goal;
import org.grlu.reports.RunFolder;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Gate;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.StubbornRule;
import org.grlu.spark.TrialPool;
import org.grlu.spark.TrialWork;
import org.grlu.store.Committer;
import org.grlu.store.RunRows;
import org.grlu.sweep.DatasetCuts;
import org.grlu.sweep.Limits;
import org.grlu.sweep.PlannedTrial;
import org.grlu.sweep.SweepPlan;
import org.grlu.sweep.SweepState;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand slots on executors that have more cores than the machine, with trials that sleep: what
 * the driver of a sweep takes, from planning to tables.
 */
@Tag("scale")
class ManySlotsIT {
  private static final int EXECUTORS = Integer.getInteger("grlu.executors", 16);
  private static final int CORES = Integer.getInteger("grlu.cores", 64);
  private static final int TRIALS = Integer.getInteger("grlu.trials", 20_000);
  private static final int MILLIS = Integer.getInteger("grlu.millis", 5000);
  private static final int SLOTS = EXECUTORS * CORES;

  private static final List<Goal> GOALS = List.of(Goal.VALIDATION_ACCURACY);

  @TempDir private Path folder;
  private final Dataset digits = Datasets.sample();
  private final Dataset few = few(digits.cut(50, 50));
  private double busySeconds;

  /** Without what takes processors to evaluate: there are two of them for all slots. */
  private static Dataset few(Dataset cut) {
    return new Dataset(
        cut.name(), cut.train(), cut.validation(), cut.validation(), cut.classes(), cut.sha256());
  }

  /** Trials of a plan, whose work is to sleep. */
  private final class Sleepers implements SweepLoop.Trials {
    private final SweepTrials trials;
    private final Map<String, PlannedTrial> plan;
    private long jobs;

    Sleepers(SweepTrials trials, Map<String, PlannedTrial> plan) {
      this.trials = trials;
      this.plan = plan;
    }

    @Override
    public TrialWork work(SweepLoop.Item item) {
      StubbornRule sleep =
          new StubbornRule(
              TestData.grlu(1, NoiseKind.GAUSSIAN, Gate.NONE), MILLIS, StubbornRule.Harm.SLEEP);
      long seed = plan.get(item.id()).seed();
      return new TrialWork(item.id(), SomeTrials.settings(sleep, 1, 0.1, seed), null, 1, 0);
    }

    @Override
    public Dataset dataset(SweepLoop.Item item) {
      return few;
    }

    @Override
    public String description(List<SweepLoop.Item> items) {
      jobs++;
      return trials.description(items);
    }

    @Override
    public void ended(SweepLoop.Item item, TrialEnd end) throws IOException {
      assertThat(end.outcome().status()).as(end.outcome().failure()).isEqualTo(TrialStatus.DONE);
      busySeconds += end.seconds();
      trials.ended(item, end);
    }

    @Override
    public void tick(SweepLoop loop) {
      trials.tick(loop);
    }
  }

  private SweepPlan plan() throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("sweep.conf"),
            """
            grlu {
              dataset { name = mnist-sample, train-examples = 50, validation-examples = 50 }
              network.layers = [784, 8, 10]
              training.epochs = 1
              sweep {
                search = random, settings = %d, seeds = 10
                parameters { training.learning-rate.max = { log-uniform = [0.001, 1] } }
              }
            }
            """
                .formatted(TRIALS / 10));
    SweepFile file = ConfigReader.sweep(conf, List.of());
    return SweepPlan.of(file, digits);
  }

  private static JavaSparkContext spark() {
    return new JavaSparkContext(
        ProgressPlugin.configure(new SparkConf())
            .setAppName("many slots")
            .set("spark.master", "local-cluster[%d,%d,1024]".formatted(EXECUTORS, CORES))
            .set("spark.executor.cores", Integer.toString(CORES))
            .set("spark.executor.memory", "512m")
            .set("spark.task.maxFailures", "1")
            .set("spark.excludeOnFailure.enabled", "false")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path")));
  }

  @Test
  @DisplayName("1,024 slots, 20,000 trials of 5 s: nine tenths busy, each trial once")
  void slotsAreBusy() throws Exception {
    Map<String, PlannedTrial> plan = new LinkedHashMap<>();
    List<PlannedTrial> all = plan().trials();
    all.forEach(trial -> plan.put(trial.trialId(), trial));
    RunFolder run = RunFolder.in(folder.toString(), "sweep", new Configuration());
    run.create();
    SweepState state = new SweepState(all, GOALS);
    Committer committer = new Committer(run, RunRows.trialSchema(all.get(0).settings()), () -> {});
    SweepTrials.Listener listener =
        new SweepTrials.Listener() {
          @Override
          public void ended(PlannedTrial trial, TrialOutcome outcome) {
            state.put(trial, outcome.recorded(GOALS));
          }

          @Override
          public void said(String line) {}

          @Override
          public void tick(SweepLoop loop) {}
        };
    SweepTrials trials =
        new SweepTrials(
            "many",
            run,
            plan,
            new DatasetCuts(digits),
            digits.sha256(),
            0,
            List.of(),
            new HashMap<>(),
            Map.of(),
            "",
            new KeptModels(run, KeepModels.NONE, plan, state),
            committer,
            listener);
    Sleepers sleepers = new Sleepers(trials, plan);
    List<SweepLoop.Item> items = new ArrayList<>();
    // as much as a machine says that they cost
    all.forEach(t -> items.add(new SweepLoop.Item(t.trialId(), MILLIS * 1e-3, 1, false)));
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    Budget budget = new Budget(0, 0, 0, 0, 0, 2);
    double wall;
    double cpu;
    try (JavaSparkContext spark = spark();
        TrialPool pool = new TrialPool(spark, "many")) {
      while (pool.slots() < SLOTS) {
        Thread.sleep(200);
      }
      pools.forEach(MemoryPoolMXBean::resetPeakUsage);
      long start = System.nanoTime();
      final double cpuBefore = cpuSeconds();
      SweepLoop loop =
          new SweepLoop(
              pool, sleepers, new Limits(budget, Optional::empty), budget.lostExecutors());
      assertThat(loop.run(items)).isEmpty();
      wall = (System.nanoTime() - start) * 1e-9;
      cpu = cpuSeconds() - cpuBefore;
    }
    committer.close();
    double busy = busySeconds / (SLOTS * wall);
    System.out.printf(
        "%d slots on %d executors, %d trials of %.1f s: %.1f s, slots %.3f busy; %.1f trials and"
            + " %.1f jobs a second; driver %.2f ms of CPU a trial, %.2f ms a job, %.2f cores,"
            + " %.0f MB of heap at most%n",
        SLOTS,
        EXECUTORS,
        items.size(),
        MILLIS * 1e-3,
        wall,
        busy,
        items.size() / wall,
        sleepers.jobs / wall,
        1e3 * cpu / items.size(),
        1e3 * cpu / sleepers.jobs,
        cpu / wall,
        pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1e6);
    Set<Object> written = new HashSet<>();
    run.table(RunFolder.TRIALS)
        .each(row -> assertThat(written.add(row.get("trial_id"))).isTrue(), "trial_id");
    assertThat(written).isEqualTo(plan.keySet());
    // what is left is the last round, in which some slots have nothing to do
    assertThat(busy).isGreaterThan(0.9);
  }

  /** Of this JVM: the driver, and the master and workers, which have nothing to do. */
  private static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-9;
  }
}
