package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.config.Budget;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.LearningRule;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.StubbornRule;
import org.grlu.spark.TrialPool;
import org.grlu.spark.TrialWork;
import org.grlu.sweep.Limits;
import org.grlu.sweep.Stop;
import org.grlu.sweep.TrialEnd;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many trials on two slots. */
class SweepLoopTest {
  private static final Budget NO_LIMIT = new Budget(0, 0, 0, 0, 0, 2);
  private static JavaSparkContext spark;

  private final Dataset digits = Datasets.sample().cut(100, 100);
  private final AtomicReference<Stop> stop = new AtomicReference<>();
  private final SomeTrials trials = new SomeTrials(digits);
  private final TrialPool pool = new TrialPool(spark, "sweep test");

  @BeforeAll
  static void start() {
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    spark = new JavaSparkContext(conf.setAppName("sweep").set("spark.master", "local[2]"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** Would take minutes. */
  private static TrialSettings endless(long seed) {
    return SomeTrials.settings(
        TestData.grlu(4096, NoiseKind.GAUSSIAN, Gate.NONE), 10_000, 0.1, seed);
  }

  private Optional<Stop> run(Budget budget, int until, String... ids) throws Exception {
    Limits limits = new Limits(budget, () -> Optional.ofNullable(stop.get()));
    SweepLoop loop = new SweepLoop(pool, trials, limits, budget.lostExecutors());
    List<SweepLoop.Item> items = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      items.add(new SweepLoop.Item(ids[i], 1 + i, until, false));
    }
    return loop.run(items);
  }

  @Test
  void allTrialsEndTheLongestFirst() throws Exception {
    for (String id : List.of("a", "b", "c", "d", "e")) {
      trials.settings.put(id, SomeTrials.small(2, id.charAt(0)));
    }
    trials.settings.put(
        "b", SomeTrials.settings(TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE), 2, 1e38, 1));
    assertThat(run(NO_LIMIT, 2, "a", "b", "c", "d", "e")).isEmpty();
    assertThat(trials.submitted).containsExactly("e", "d", "c", "b", "a");
    assertThat(trials.outcome("b").status()).isEqualTo(TrialStatus.DIVERGED);
    for (String id : List.of("a", "c", "d", "e")) {
      assertThat(trials.outcome(id).status()).isEqualTo(TrialStatus.DONE);
      assertThat(trials.outcome(id).model()).isNull();
      assertThat(trials.outcome(id).epochs()).hasSize(2);
    }
  }

  @Test
  @DisplayName("time left of a sweep: not by the first short trials, whose JVMs are cold")
  void theFirstShortTrialsTellNothingOfTheTimeLeft() throws Exception {
    List<SweepLoop.Item> items = new ArrayList<>();
    for (String id : List.of("a", "b", "c", "d", "e", "f")) {
      trials.settings.put(id, SomeTrials.small(1, id.charAt(0)));
      items.add(new SweepLoop.Item(id, 1, 1, false));
    }
    SweepLoop loop = new SweepLoop(pool, trials, new Limits(NO_LIMIT, Optional::empty), 2);
    trials.onTick =
        () -> {
          boolean cold = trials.ends.size() <= pool.slots();
          assertThat(Double.isNaN(loop.secondsLeft())).isEqualTo(cold);
        };
    assertThat(loop.run(items)).isEmpty();
    assertThat(loop.secondsLeft()).isZero();
  }

  @Test
  void smallTrialsShareJobs() throws Exception {
    String[] ids = IntStream.range(0, 300).mapToObj(i -> "t" + i).toArray(String[]::new);
    for (String id : ids) {
      trials.settings.put(id, SomeTrials.small(1, 3));
    }
    assertThat(run(NO_LIMIT, 1, ids)).isEmpty();
    assertThat(trials.ends).hasSize(300);
    assertThat(trials.largestJob).isGreaterThan(4);
    assertThat(trials.ends.values().stream().map(end -> end.outcome().weightsSha256()).distinct())
        .hasSize(1);
  }

  @Test
  void trialsOfJobsThatAreLostEndOnceEach() throws Exception {
    List<SweepLoop.Item> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      trials.settings.put("t" + i, SomeTrials.small(1, 3));
      items.add(new SweepLoop.Item("t" + i, 1, 1, false));
    }
    int[] ticks = {0};
    trials.onTick =
        () -> {
          if (++ticks[0] % 10 == 0) {
            // the latest, which waits or has just begun
            pool.cancel(trials.jobs);
          }
        };
    SweepLoop loop = new SweepLoop(pool, trials, new Limits(NO_LIMIT, Optional::empty), 1000);
    assertThat(loop.run(items)).isEmpty();
    assertThat(trials.submitted).hasSizeGreaterThan(300);
    assertThat(trials.ends).hasSize(300);
    assertThat(trials.ends.values().stream().map(end -> end.outcome().weightsSha256()).distinct())
        .hasSize(1);
    assertThat(loop.runningTrials()).isZero();
    assertThat(loop.openTrials()).isZero();
    assertThat(loop.secondsLeft()).isZero();
  }

  @Test
  void whatEndedInAJobIsToldWhileTheJobGoesOn() throws Exception {
    trials.settings.put("a", SomeTrials.small(1, 1));
    trials.settings.put("b", SomeTrials.small(1, 2));
    trials.settings.put("c", endless(3));
    List<TrialWork> works = new ArrayList<>();
    for (String id : List.of("a", "b", "c")) {
      works.add(trials.work(new SweepLoop.Item(id, 1, id.equals("c") ? 10_000 : 1, false)));
    }
    long job = pool.submit(digits, List.of(works), "three");
    List<String> told = new ArrayList<>();
    while (told.size() < 2) {
      TrialPool.Event event = pool.next(60_000);
      assertThat(event).isInstanceOfAny(TrialPool.Begun.class, TrialPool.Some.class);
      if (event instanceof TrialPool.Some some) {
        assertThat(some.task()).isEqualTo(job);
        some.ends().forEach(end -> told.add(end.id()));
      }
    }
    assertThat(told).containsExactly("a", "b");
    pool.cancel(job);
    assertThat(pool.next(60_000)).isInstanceOf(TrialPool.Lost.class);
  }

  @Test
  void aTrialThatGoesOnCountsOnceAgainstTheBudget() throws Exception {
    trials.settings.put("a", SomeTrials.small(2, 5));
    trials.settings.put("b", SomeTrials.small(2, 6));
    Limits limits = new Limits(new Budget(1, 0, 0, 0, 0, 2), Optional::empty);
    SweepLoop loop = new SweepLoop(pool, trials, limits, 2);
    assertThat(loop.run(List.of(new SweepLoop.Item("a", 1, 1, false)))).isEmpty();
    trials.checkpoints.put("a", trials.ends.remove("a").outcome().model());
    assertThat(loop.run(List.of(new SweepLoop.Item("a", 1, 2, false)))).isEmpty();
    assertThat(trials.outcome("a").status()).isEqualTo(TrialStatus.DONE);
    assertThat(loop.run(List.of(new SweepLoop.Item("b", 1, 1, false))))
        .hasValueSatisfying(spent -> assertThat(spent.reason()).contains("budget.trials = 1"));
    assertThat(trials.ends).doesNotContainKey("b");
  }

  @Test
  void aTrialThatStopsAndGoesOnGivesTheBitsOfOneThatNeverStopped() throws Exception {
    trials.settings.put("a", SomeTrials.small(4, 5));
    run(NO_LIMIT, 4, "a");
    TrialOutcome whole = trials.outcome("a");
    trials.ends.clear();
    for (int until = 1; until <= 4; until++) {
      run(NO_LIMIT, until, "a");
      TrialEnd end = trials.ends.remove("a");
      assertThat(end.outcome().status())
          .isEqualTo(until < 4 ? TrialStatus.STOPPED : TrialStatus.DONE);
      assertThat(end.outcome().epochs()).hasSize(until);
      trials.checkpoints.put("a", end.outcome().model());
      if (until == 4) {
        assertThat(end.outcome().weightsSha256()).isEqualTo(whole.weightsSha256());
        for (int i = 0; i < until; i++) {
          assertThat(TestData.withoutSeconds(end.outcome().epochs().get(i)))
              .isEqualTo(TestData.withoutSeconds(whole.epochs().get(i)));
        }
      }
    }
  }

  @Test
  void anOverdueTrialFailsAndTheOthersDoNot() throws Exception {
    trials.settings.put("slow", endless(1));
    trials.settings.put("quick", SomeTrials.small(1, 1));
    trials.maxMinutes = 0.01;
    assertThat(run(NO_LIMIT, 10_000, "slow")).isEmpty();
    assertThat(run(NO_LIMIT, 1, "quick")).isEmpty();
    assertThat(trials.outcome("slow").status()).isEqualTo(TrialStatus.FAILED);
    assertThat(trials.outcome("slow").failure())
        .isEqualTo("took longer than 0.01 minutes (budget.trial-minutes)");
    assertThat(trials.outcome("slow").cost().forwardPasses()).isPositive();
    assertThat(trials.outcome("slow").cost().cpuSeconds()).isPositive();
    assertThat(trials.outcome("quick").status()).isEqualTo(TrialStatus.DONE);
  }

  @Test
  void aTrialBudgetStartsNoMore() throws Exception {
    for (String id : List.of("a", "b", "c")) {
      trials.settings.put(id, SomeTrials.small(1, 1));
    }
    Optional<Stop> spent = run(new Budget(2, 0, 0, 0, 0, 2), 1, "a", "b", "c");
    assertThat(spent).contains(new Stop(Stop.Kind.BUDGET, "budget.trials = 2 is spent"));
    assertThat(trials.ends).containsOnlyKeys("b", "c");
  }

  @Tag("slow")
  @Test
  void aFailureBudgetEndsTheSweep() throws Exception {
    for (String id : List.of("a", "b", "c", "d")) {
      LearningRule rule = TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE);
      trials.settings.put(id, SomeTrials.settings(rule, 10_000, 1e38, id.charAt(0)));
    }
    trials.settings.put("a", endless(1));
    Optional<Stop> spent = run(new Budget(0, 0, 0, 1, 0, 2), 10_000, "a", "b", "c", "d");
    assertThat(spent.orElseThrow().reason())
        .isEqualTo("2 trials failed or diverged; budget.failures = 1");
    assertThat(trials.ends).doesNotContainKey("a");
  }

  @Test
  void anInterruptCancelsWhatRuns() throws Exception {
    trials.settings.put("a", endless(1));
    trials.settings.put("b", endless(2));
    trials.onTick = () -> stop.set(new Stop(Stop.Kind.INTERRUPT, "interrupted"));
    assertThat(run(NO_LIMIT, 10_000, "a", "b")).contains(stop.get());
    assertThat(trials.ends).isEmpty();
    // the slots are free again
    stop.set(null);
    trials.onTick = () -> {};
    trials.settings.put("c", SomeTrials.small(1, 1));
    assertThat(run(NO_LIMIT, 1, "c")).isEmpty();
  }

  private void needsMemory(String... ids) {
    Grlu rule = TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE);
    for (String id : ids) {
      StubbornRule stubborn = new StubbornRule(rule, 0, StubbornRule.Harm.OUT_OF_MEMORY);
      trials.settings.put(id, SomeTrials.settings(stubborn, 1, 0.1, id.charAt(0)));
    }
  }

  @Test
  void aTrialThatFindsNoMemoryRunsOnceMoreWhenNothingElseDoes() throws Exception {
    trials.settings.put("a", SomeTrials.small(1, 1));
    trials.settings.put("b", SomeTrials.small(1, 2));
    needsMemory("y", "z");
    StubbornRule.missing.set(2);
    // two failures would end the sweep
    assertThat(run(new Budget(0, 0, 0, 1, 0, 2), 1, "a", "b", "y", "z")).isEmpty();
    assertThat(trials.submitted).hasSize(6).startsWith("z", "y", "b", "a");
    assertThat(trials.ended.subList(0, 2)).containsExactlyInAnyOrder("a", "b");
    for (String id : List.of("y", "z")) {
      assertThat(trials.outcome(id).status()).isEqualTo(TrialStatus.DONE);
    }
  }

  @Test
  void aTrialThatFindsNoMemoryByItselfHasFailed() throws Exception {
    trials.settings.put("a", SomeTrials.small(1, 1));
    needsMemory("y", "z");
    StubbornRule.missing.set(1000);
    assertThat(run(NO_LIMIT, 1, "a", "y", "z")).isEmpty();
    assertThat(trials.submitted).hasSize(5).startsWith("z", "y", "a");
    assertThat(trials.outcome("a").status()).isEqualTo(TrialStatus.DONE);
    for (String id : List.of("y", "z")) {
      assertThat(trials.outcome(id).status()).isEqualTo(TrialStatus.FAILED);
      assertThat(trials.outcome(id).reason()).contains("OutOfMemoryError: made to fail");
    }
  }

  @Test
  void aTrialThatThrowsIsAFailureWithItsReason() throws Exception {
    LearningRule rule = TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE);
    LearningRule stubborn = new StubbornRule((Grlu) rule, 9);
    trials.settings.put("a", SomeTrials.settings(stubborn, 1, 0.1, 1));
    assertThat(run(NO_LIMIT, 1, "a")).isEmpty();
    assertThat(trials.outcome("a").status()).isEqualTo(TrialStatus.FAILED);
    assertThat(trials.outcome("a").reason()).contains("made to fail", "StubbornRule");
    assertThat(trials.outcome("a").failure().lines())
        .startsWith(trials.outcome("a").reason())
        .anyMatch(line -> line.contains("at org.grlu.training.Trial.run"));
  }
}
