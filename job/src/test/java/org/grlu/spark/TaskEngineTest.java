package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Gate;
import org.grlu.run.SomeTrials;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trial whose task is killed, on one slot. */
class TaskEngineTest {
  private final Dataset digits = Datasets.sample().cut(100, 100);

  private TrialOutcome run(
      JavaSparkContext spark, TrialSettings settings, Consumer<Serializable> receiver) {
    byte[] from = Checkpoint.initial(settings, digits.train()).toFile();
    return TaskEngine.run(spark, "test", settings, digits, from, receiver);
  }

  @Test
  @Timeout(180)
  void aTaskThatIsKilledStopsAndGivesNoOutcome() {
    // would take minutes
    TrialSettings endless =
        SomeTrials.settings(TestData.grlu(4096, NoiseKind.GAUSSIAN, Gate.NONE), 10_000, 0.1, 1);
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    try (JavaSparkContext spark =
        new JavaSparkContext(conf.setAppName("task").set("spark.master", "local[1]"))) {
      assertThatThrownBy(() -> run(spark, endless, message -> spark.cancelJobGroup("test")))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("cancelled");
      // the slot is free again
      TrialOutcome next = run(spark, SomeTrials.small(1, 1), message -> {});
      assertThat(next.status()).isEqualTo(TrialStatus.DONE);
    }
  }
}
