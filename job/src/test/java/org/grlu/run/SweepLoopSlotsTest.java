package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.config.Budget;
import org.grlu.datasets.Datasets;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Gate;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.StubbornRule;
import org.grlu.spark.TrialPool;
import org.grlu.sweep.Limits;
import org.junit.jupiter.api.Test;

/** Trials on hundreds of slots, where jobs have several tasks. */
class SweepLoopSlotsTest {
  private static final int TRIALS = 300;

  @Test
  void aTrialWhoseTaskIsLostFailsAloneAndTheOthersOfItsJobsEndOnce() throws Exception {
    SomeTrials trials = new SomeTrials(Datasets.sample().cut(20, 20));
    List<SweepLoop.Item> items = new ArrayList<>();
    for (int i = 0; i < TRIALS; i++) {
      trials.settings.put("t" + i, SomeTrials.small(1, i % 3));
      items.add(new SweepLoop.Item("t" + i, 1, 1, false));
    }
    StubbornRule unreadable =
        new StubbornRule(
            TestData.grlu(1, NoiseKind.GAUSSIAN, Gate.NONE), 0, StubbornRule.Harm.UNREADABLE);
    trials.settings.put("t77", SomeTrials.settings(unreadable, 1, 0.1, 1));
    Budget budget = new Budget(0, 0, 0, 0, 0, 2);
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    conf.setAppName("slots").set("spark.master", "local[200]");
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        TrialPool pool = new TrialPool(spark, "slots")) {
      SweepLoop loop = new SweepLoop(pool, trials, new Limits(budget, Optional::empty), 2);
      assertThat(loop.run(items)).isEmpty();
      assertThat(loop.runningTrials()).isZero();
      assertThat(loop.openTrials()).isZero();
    }
    assertThat(trials.outcome("t77").failure()).startsWith("lost 3 times, the last time: ");
    assertThat(trials.submitted).filteredOn("t77"::equals).hasSize(3);
    assertThat(trials.ends).hasSize(TRIALS);
    assertThat(trials.ends.values())
        .filteredOn(end -> !end.id().equals("t77"))
        .allMatch(end -> end.outcome().status() == TrialStatus.DONE);
    assertThat(trials.jobs).isLessThan(TRIALS * 2 / 3);
    // once more: the lost one twice, and one beside it that may not have ended
    assertThat(trials.submitted).hasSizeBetween(TRIALS + 2, TRIALS + 3);
  }
}
