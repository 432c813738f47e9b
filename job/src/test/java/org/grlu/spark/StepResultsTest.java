package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.SparkConf;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.rule.Fold;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LearningRule;
import org.grlu.store.RunException;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;

class StepResultsTest {
  /** A matrix of 67 MB from each root of a shard, and 64 leaves. */
  private static Settings wide(int shards) {
    return ConfigReader.read(
        null,
        List.of(
            "engine { mode = stepped, shards = %d, fold = driver }".formatted(shards),
            "network.layers = [784, 4096, 4096, 10]",
            "training.batch-size = 128"));
  }

  private static SparkConf conf(String limit) {
    return new SparkConf(false).set("spark.driver.maxResultSize", limit);
  }

  private static void refused(Settings settings, SparkConf conf, String message) {
    assertThatThrownBy(() -> StepResults.check(settings, conf))
        .isInstanceOf(RunException.class)
        .hasMessage(message);
  }

  @Test
  void resultsLargerThanSparkAllowsAreRefusedWithWhatToSet() {
    refused(
        wide(16),
        new SparkConf(false),
        "engine.shards = 16: the tasks of a step of network.layers = [784, 4096, 4096, 10] return"
            + " 1.01 GiB, more than spark.driver.maxResultSize = 1g; --conf"
            + " spark.driver.maxResultSize=2g allows it, engine.shards = 8 returns less");
  }

  /** A backprop that keeps an array beside the weights. */
  private record Keeper(int size, State.Reader reader) implements LearningRule {
    @Override
    public State state(NetworkShape shape, long seed) {
      return State.NONE.and("large", reader, List.of(size), Floats.of(size));
    }

    @Override
    public int passesPerExample() {
      return 1;
    }

    @Override
    public int rewardsPerExample() {
      return 1;
    }

    @Override
    public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
      return rate;
    }

    @Override
    public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
      throw new IllegalStateException("is not run");
    }
  }

  @Test
  void stateThatIsTooLargeToBroadcastEachStepRunsInATaskOnly() {
    TrialSettings wide = wide(1).trial();
    int most = (int) (StepResults.MOST_STATE / Float.BYTES);
    Keeper update = new Keeper(most + 1, State.Reader.UPDATE);
    StepResults.checkState(new TrialSettings(wide.shape(), wide.pixels(), update, wide.training()));
    Keeper leaves = new Keeper(most + 1, State.Reader.LEAVES);
    TrialSettings trial = new TrialSettings(wide.shape(), wide.pixels(), leaves, wide.training());
    assertThatThrownBy(() -> StepResults.checkState(trial))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "engine.mode = stepped: must be task with this rule, which keeps 0.25 GiB beside the"
                + " weights that would be broadcast at each step; at most 0.25 GiB are");
  }

  @Test
  void whatIsSaidToAllowItDoes() {
    for (String enough : new String[] {"2g", "0", "2048m"}) {
      assertThatCode(() -> StepResults.check(wide(16), conf(enough))).doesNotThrowAnyException();
    }
    assertThatCode(() -> StepResults.check(wide(8), new SparkConf(false)))
        .doesNotThrowAnyException();
  }

  @Test
  void theNumberOfSlotsIsCutToWhatFits() {
    StepResults results = new StepResults(wide(0).trial(), Fold.DRIVER, 0, conf("300m"));
    assertThat(results.fitting(64)).isEqualTo(4);
    assertThat(results.fitting(2)).isEqualTo(2);
    assertThatCode(() -> StepResults.check(wide(0), conf("300m"))).doesNotThrowAnyException();
    refused(
        wide(0),
        conf("50m"),
        "engine.shards = 0: the tasks of a step of network.layers = [784, 4096, 4096, 10] return"
            + " 0.06 GiB, more than spark.driver.maxResultSize = 50m; --conf"
            + " spark.driver.maxResultSize=1g allows it");
  }

  /** What executors fold comes once, however many shards there are. */
  @Test
  void executorsThatFoldReturnLess() {
    for (String fold : List.of("auto", "cluster")) {
      Settings there = wide(64).with(java.util.Map.of("engine.fold", fold));
      assertThatCode(() -> StepResults.check(there, conf("100m"))).doesNotThrowAnyException();
    }
    StepResults wide = new StepResults(wide(0).trial(), Fold.AUTO, 0, conf("1g"));
    assertThat(wide.inCluster(1)).isFalse();
    assertThat(wide.inCluster(2)).isFalse();
    assertThat(wide.inCluster(16)).isTrue();
    TrialSettings narrow =
        wide(0).with(java.util.Map.of("network.layers", List.of(784L, 256L, 10L))).trial();
    assertThat(new StepResults(narrow, Fold.AUTO, 0, conf("1g")).inCluster(64)).isFalse();
    SparkConf local = conf("1g").set("spark.master", "local[64]");
    assertThat(new StepResults(wide(0).trial(), Fold.AUTO, 0, local).inCluster(64)).isFalse();
  }

  @Test
  void executorsCanNotFoldWhatIsNoMatrix() {
    refused(
        wide(0)
            .with(java.util.Map.of("engine.fold", "cluster", "network.layers", List.of(784L, 10L))),
        conf("1g"),
        "engine.fold = cluster: must be driver or auto where shards return no matrix to fold, as"
            + " with rule.name = grlu and network.layers = [784, 10]");
  }

  @Test
  void aTrialInOneTaskReturnsNoSteps() {
    Settings task = wide(16).with(java.util.Map.of("engine.mode", "task"));
    assertThatCode(() -> StepResults.check(task, conf("1m"))).doesNotThrowAnyException();
  }

  @Test
  void theLimitIsASize() {
    refused(
        wide(2),
        conf("much"),
        "spark.driver.maxResultSize=much: must be a size, as 3g or 512m; 0 is no limit");
  }

  @Test
  void moreShardsThanLeavesAreSaid() {
    StepResults results = new StepResults(wide(0).trial(), Fold.DRIVER, 0, new SparkConf(false));
    assertThat(results.surplus("slots = 64", 64)).isNull();
    assertThat(results.surplus("slots = 65", 65))
        .isEqualTo(
            "slots = 65: a step of batch 128, P 16 has 64 leaves, and no more shards are busy at a"
                + " time");
  }

  @Test
  void howManyShardsCanBeBusyIsSaid() {
    assertThat(StepResults.busy(wide(0).trial()))
        .isEqualTo("a step has 64 leaves: as many shards can be busy at a time");
    TrialSettings one = wide(0).with(java.util.Map.of("training.batch-size", 1L)).trial();
    assertThat(StepResults.busy(one))
        .isEqualTo("a step has 1 leaf: as many shards can be busy at a time");
  }
}
