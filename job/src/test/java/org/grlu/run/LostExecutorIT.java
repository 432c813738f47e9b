package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.grlu.sweep.TrialOutcome;
import org.junit.jupiter.api.Test;

/** A cluster whose executors die under a trial. */
class LostExecutorIT {
  @Test
  void aTrialThatKillsExecutorsFailsAlone() throws Exception {
    SparkConf conf =
        ProgressPlugin.configure(new SparkConf())
            .setAppName("lost executors")
            .set("spark.master", "local-cluster[1,2,1024]")
            .set("spark.task.maxFailures", "1")
            .set("spark.executor.memory", "512m")
            .set("spark.executor.extraJavaOptions", "-Duser.language=fa -Duser.country=IR")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    SomeTrials trials = new SomeTrials(Datasets.sample().cut(200, 100));
    List<SweepLoop.Item> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      // the largest runs first: beside the poison
      items.add(new SweepLoop.Item("good " + i, i, 40, false));
      trials.settings.put("good " + i, SomeTrials.small(40, i));
    }
    items.add(new SweepLoop.Item("poison", 100, 1, false));
    StubbornRule poison =
        new StubbornRule(
            TestData.grlu(2, NoiseKind.GAUSSIAN, Gate.NONE), 1, StubbornRule.Harm.HALT);
    trials.settings.put("poison", SomeTrials.settings(poison, 1, 0.1, 1));
    Budget budget = new Budget(0, 0, 0, 0, 0, 2);
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        TrialPool pool = new TrialPool(spark, "lost")) {
      assertThat(
              spark
                  .parallelize(List.of(0), 1)
                  .map(i -> System.getProperty("user.language") + "|" + Locale.getDefault())
                  .first())
          .as("an executor's own locale, and the one it runs tasks in")
          .isEqualTo("fa|" + Locale.ROOT);
      Limits limits = new Limits(budget, Optional::empty);
      SweepLoop loop = new SweepLoop(pool, trials, limits, budget.lostExecutors());
      assertThat(loop.run(items)).isEmpty();
    }
    assertThat(trials.ends).hasSize(13);
    TrialOutcome killer = trials.outcome("poison");
    assertThat(killer.status()).isEqualTo(TrialStatus.FAILED);
    assertThat(killer.failure()).startsWith("lost 3 times, the last time: ").contains("Executor");
    assertThat(trials.submitted.stream().filter("poison"::equals)).hasSize(3);
    for (int i = 0; i < 12; i++) {
      assertThat(trials.outcome("good " + i).status()).isEqualTo(TrialStatus.DONE);
    }
  }
}
