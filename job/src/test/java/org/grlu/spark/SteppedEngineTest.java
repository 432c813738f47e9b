package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.network.Activation;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Fold;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.ShardSize;
import org.grlu.rule.ShardWorker;
import org.grlu.rule.StepSettings;
import org.grlu.training.Checkpoint;
import org.grlu.training.Cosine;
import org.grlu.training.LocalEngine;
import org.grlu.training.Schedule;
import org.grlu.training.StepEngine;
import org.grlu.training.TrainingSettings;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stepped engine through Spark: the bits of one thread, for any number of shards. */
class SteppedEngineTest {
  private static final int[] SHARDS = {1, 2, 3, 4, 7, 8};
  private static final Dataset DIGITS = Datasets.sample().cut(192, 0);
  private static final TrialListener SILENT =
      new TrialListener() {
        @Override
        public void progress(int epoch, double share, double meanReward, double rate) {}

        @Override
        public void epoch(Checkpoint checkpoint) {}
      };

  private static JavaSparkContext spark;

  private static JavaSparkContext spark(String master, String serializer) {
    return spark(master, serializer, "1g");
  }

  private static JavaSparkContext spark(String master, String serializer, String results) {
    if (spark != null) {
      spark.close();
    }
    SparkConf conf =
        new SparkConf()
            .setAppName("stepped")
            .set("spark.master", master)
            .set("spark.driver.maxResultSize", results)
            .set("spark.serializer", "org.apache.spark.serializer." + serializer);
    spark = new JavaSparkContext(conf);
    return spark;
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  private static TrialSettings settings(SteppedCase c) {
    Cosine rate = new Cosine(0.02, 0);
    TrainingSettings training =
        new TrainingSettings(1, c.batch(), rate, new Cosine(0.1, 0.05), Schedule.PER_STEP, 7);
    return new TrialSettings(c.shape(), PixelScale.MNIST, c.rule(), training);
  }

  /** A few steps of small batches prove as much as many. */
  private static Dataset data(SteppedCase c) {
    return c.batch() < 8 ? Datasets.sample().cut(6, 0) : DIGITS;
  }

  private static String digest(TrialSettings settings, Dataset data, StepEngine engine) {
    TrialResult result =
        new Trial(settings, data, engine, SILENT).run(Checkpoint.initial(settings, data.train()));
    assertThat(result.status()).isEqualTo(TrialStatus.DONE);
    return result.weights().sha256() + " " + result.weights().state().sha256();
  }

  private static String task(SteppedCase c) {
    TrialSettings settings = settings(c);
    return digest(settings, data(c), new LocalEngine(settings, data(c).train(), new Arena()));
  }

  private static String stepped(JavaSparkContext spark, SteppedCase c, int shards) {
    return stepped(spark, c, shards, Fold.AUTO);
  }

  private static String stepped(JavaSparkContext spark, SteppedCase c, int shards, Fold fold) {
    TrialSettings settings = settings(c);
    try (SteppedEngine engine =
        new SteppedEngine(
            spark, c.name(), settings, new Arena(), data(c).train(), shards, fold, line -> {})) {
      return digest(settings, data(c), engine);
    }
  }

  @TestFactory
  Stream<DynamicTest> anyNumberOfShardsGivesTheSameWeights() {
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    return SteppedCase.all().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      String expected = task(c);
                      for (int shards : SHARDS) {
                        assertThat(stepped(two, c, shards))
                            .as(shards + " shards")
                            .isEqualTo(expected);
                      }
                    }));
  }

  /**
   * What changes images and what the order follows from rewards, with blocks of examples, of
   * perturbations, and one pair; three epochs, of which two are drawn by priorities.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule.perturbations=80 network.layers=[784,20,20,10] network.skip=dense",
        "rule.perturbations=1 network.activation=top-k network.gumbel=0.5",
        "rule.name=backprop network.initial=data-pairs",
        "rule.perturbations=16 network.layers=[784,10] network.initial=zero network.input-norm=none rule.scope=label",
        "rule.perturbations=5 network.layers=[784,20,20,10] network.hidden=frozen training.weight-decay=0.1",
        "rule.perturbations=16 rule.gate=active rule.scope=task training.order=permutation training.batch-size=16 stream.kind=class-incremental stream.tasks=2 stream.context=inferred",
        "rule.name=backprop training.order=permutation training.batch-size=16 stream.kind=task-incremental stream.tasks=2 stream.context=given",
        "rule.perturbations=16 rule.normalise-noise=true training.order=permutation training.batch-size=16 stream.kind=class-incremental stream.tasks=2 stream.ewc=100",
        "rule.name=backprop training.order=permutation training.batch-size=16 stream.kind=class-incremental stream.tasks=2 stream.metaplasticity=5"
      })
  void trainingOptionsGiveTheSameWeightsForAnyNumberOfShards(String some) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "network.layers=[784,20,10]",
                "training { epochs = 3, batch-size = 48, order = prioritised, learning-rate.max = 0.02 }",
                "training { input-dropout = 0.2, shift = 2 }"));
    sets.addAll(List.of(some.split(" ", -1)));
    TrialSettings settings = ConfigReader.read(null, sets).trial();
    Dataset digits = Datasets.sample().cut(96, 0);
    String expected =
        digest(settings, digits, new LocalEngine(settings, digits.train(), new Arena()));
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    for (int shards : new int[] {1, 3, 8}) {
      try (SteppedEngine engine =
          new SteppedEngine(
              two, some, settings, new Arena(), digits.train(), shards, Fold.AUTO, line -> {})) {
        assertThat(digest(settings, digits, engine)).as(shards + " shards").isEqualTo(expected);
      }
    }
  }

  @Tag("slow")
  @Test
  void oneCoreAndKryoGiveTheSameWeights() {
    List<SteppedCase> some =
        SteppedCase.all().stream().filter(c -> c.name().startsWith("batch 24")).toList();
    assertThat(some).hasSize(13);
    for (String serializer : List.of("JavaSerializer", "KryoSerializer")) {
      JavaSparkContext one = spark("local[1]", serializer);
      for (SteppedCase c : some) {
        assertThat(stepped(one, c, 3)).as(c.name() + ", " + serializer).isEqualTo(task(c));
      }
    }
  }

  @Test
  void diagnosticsAreTheSame() {
    SteppedCase c = SteppedCase.all().get(12);
    TrialSettings plain = settings(c);
    TrialSettings settings =
        new TrialSettings(plain.shape(), plain.pixels(), plain.rule(), plain.training(), true);
    List<Object> found = new ArrayList<>();
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    try (SteppedEngine stepped =
        new SteppedEngine(
            two, c.name(), settings, new Arena(), data(c).train(), 3, Fold.AUTO, line -> {})) {
      LocalEngine task = new LocalEngine(settings, data(c).train(), new Arena());
      for (StepEngine engine : List.of(task, stepped)) {
        TrialResult result =
            new Trial(settings, data(c), engine, SILENT)
                .run(Checkpoint.initial(settings, data(c).train()));
        Map<String, List<Double>> numbers = new HashMap<>(result.epochs().get(0).numbers());
        numbers.keySet().retainAll(Set.of("alignment_example", "alignment_mean", "update_ratio"));
        found.add(numbers);
      }
    }
    assertThat(found.get(1)).isEqualTo(found.get(0));
    assertThat(found.get(0).toString()).doesNotContain("update_ratio=[NaN");
  }

  @Test
  void whatShardsReturnIsWhatIsComputedBeforehand() {
    for (SteppedCase c : SteppedCase.all()) {
      TrialSettings settings = settings(c);
      LeafGrid grid = LeafGrid.of(c.shape(), c.rule(), c.batch());
      ShardSize size = new ShardSize(c.shape(), c.rule(), grid);
      ShardWorker worker =
          new ShardWorker(
              c.shape(), settings.inputs(), settings.augmentation(), c.rule(), grid, new Arena());
      int[] order = IntStream.range(0, c.batch()).toArray();
      StepSettings step = new StepSettings(0, 0.1, 0.1);
      KeyedPerturbations noise = settings.perturbations();
      settings.seek(noise, step);
      for (int shards : SHARDS) {
        for (int i = 0; i < shards; i++) {
          int from = grid.shardStart(i, shards);
          int to = grid.shardStart(i + 1, shards);
          Weights weights = Weights.initial(c.shape(), 3).with(settings.state());
          ByteBuffer sums = ByteBuffer.allocate(worker.bytes(from, to));
          worker.compute(step, noise, weights, DIGITS.train(), order, from, to, sums);
          assertThat(sums.remaining()).as(c.name()).isZero();
          assertThat((long) sums.position()).as(c.name()).isEqualTo(size.of(i, shards));
        }
      }
    }
  }

  @Test
  void sparkEndsAStepThatReturnsMoreThanIsAllowedAndTheEngineCutsItToWhatIs() {
    NetworkShape wide =
        new NetworkShape(List.of(784, 400, 400, 10), Activation.RELU, 0.5, Skip.NONE);
    SteppedCase c =
        new SteppedCase("wide", wide, 24, new Grlu(2, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false));
    JavaSparkContext two = spark("local[2]", "JavaSerializer", "1m");
    List<String> said = new ArrayList<>();
    TrialSettings settings = settings(c);
    assertThatThrownBy(() -> stepped(two, c, 3)).hasMessageContaining("maxResultSize");
    try (SteppedEngine engine =
        new SteppedEngine(
            two, c.name(), settings, new Arena(), data(c).train(), 0, Fold.DRIVER, said::add)) {
      assertThat(engine.shards()).isEqualTo(1);
      assertThat(digest(settings, data(c), engine)).isEqualTo(task(c));
    }
    assertThat(said)
        .containsExactly(
            "a step is cut into 1 shards, not 2 as there are slots: more would return more than"
                + " spark.driver.maxResultSize allows");
  }

  private static SteppedCase grlu(LearningRule rule) {
    NetworkShape shape = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.NONE);
    return new SteppedCase("grlu", shape, 24, rule);
  }

  @Test
  void tasksThatFailOnceAreRetriedToTheSameWeights() {
    Grlu rule = new Grlu(5, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    JavaSparkContext retrying = spark("local[2,4]", "JavaSerializer");
    assertThat(stepped(retrying, grlu(new StubbornRule(rule, 1)), 3)).isEqualTo(task(grlu(rule)));
  }

  @Test
  void theFeedbackOfTasksThatFailOnceIsTheSame() {
    LearnedFeedback rule = TestData.learned(2, LearnedFeedback.Teacher.REWARD);
    JavaSparkContext retrying = spark("local[2,4]", "JavaSerializer");
    assertThat(stepped(retrying, grlu(new StubbornRule(rule, 1)), 3)).isEqualTo(task(grlu(rule)));
  }

  @Test
  void tasksThatAnEndingExecutorRefusesAreNoFailures() {
    Grlu rule = new Grlu(5, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    StubbornRule refused = new StubbornRule(rule, 0, StubbornRule.Harm.REFUSE);
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    String expected = task(grlu(rule));
    // more often than Spark lets a task fail
    StubbornRule.REFUSALS.set(3);
    assertThat(stepped(two, grlu(refused), 2)).isEqualTo(expected);
    assertThat(StubbornRule.REFUSALS.get()).isNegative();
  }

  /** Rules with and without state, whose shards return matrices; of one leaf and of several. */
  @ParameterizedTest
  @ValueSource(strings = {"Adam", "LearnedFeedback", "Mixed", "batch 96, P 80", "batch 1, P 16"})
  void executorsThatFoldGiveTheSameWeights(String name) {
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    List<SteppedCase> some =
        SteppedCase.all().stream()
            .filter(c -> (c.name() + c.rule()).contains(name) && c.shape().depth() > 2)
            .filter(SteppedEngineTest::returnsMatrices)
            .limit(2)
            .toList();
    assertThat(some).isNotEmpty();
    for (SteppedCase c : some) {
      String expected = task(c);
      for (int shards : new int[] {1, 2, 3, 7}) {
        assertThat(stepped(two, c, shards, Fold.CLUSTER))
            .as("%s, %d shards", c.name(), shards)
            .isEqualTo(expected);
      }
    }
  }

  private static boolean returnsMatrices(SteppedCase c) {
    LeafGrid grid = LeafGrid.of(c.shape(), c.rule(), c.batch());
    return new ShardSize(c.shape(), c.rule(), grid).matrices() > 0;
  }

  @Test
  void shardsThatFailOnceAreFoldedByExecutorsToTheSameWeights() {
    Grlu rule = new Grlu(5, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    for (String serializer : List.of("JavaSerializer", "KryoSerializer")) {
      JavaSparkContext retrying = spark("local[2,4]", serializer);
      assertThat(stepped(retrying, grlu(new StubbornRule(rule, 1)), 3, Fold.CLUSTER))
          .isEqualTo(task(grlu(rule)));
    }
  }

  @Test
  void tasksThatAlwaysFailEndTheRun() {
    Grlu rule = new Grlu(5, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    JavaSparkContext retrying = spark("local[2,2]", "JavaSerializer");
    assertThatThrownBy(() -> stepped(retrying, grlu(new StubbornRule(rule, 9)), 3))
        .hasMessageContaining("made to fail");
  }

  @Test
  void tasksDoNotWriteToWhatIsBroadcast() {
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    for (SteppedCase c : SteppedCase.all().subList(12, 30)) {
      TrialSettings settings = settings(c);
      Weights initial = Weights.initial(c.shape(), 3).with(settings.state());
      byte[] weights = new byte[initial.packedBytes()];
      initial.pack(weights);
      byte[] weightsBefore = weights.clone();
      byte[] pixelsBefore = DIGITS.train().pixels().clone();
      Broadcast<byte[]> broadcastWeights = two.broadcast(weights);
      Broadcast<LabelledImages> images = two.broadcast(DIGITS.train());
      int[] order = IntStream.range(0, c.batch()).toArray();
      ShardFunction<Integer> shard =
          new ShardFunction<>(
              two.broadcast(new RunScratch(settings)),
              2,
              new StepSettings(0, 0.1, 0.1),
              new BroadcastExamples.Read(images, order),
              broadcastWeights);
      List<Integer> lengths =
          two.parallelize(List.of(0, 1), 2)
              .map(i -> shard.apply(TaskContext.get(), null).length)
              .collect();
      assertThat(lengths).allMatch(n -> n > ShardFunction.HEADER);
      assertThat(weights).as("weights, " + c.name()).isEqualTo(weightsBefore);
      assertThat(DIGITS.train().pixels()).as("images, " + c.name()).isEqualTo(pixelsBefore);
    }
  }

  /** In local mode the tasks' memory is in this JVM, so that it can be looked at. */
  @Test
  void runsKeepTheirOwnScratchMemoryAndFreeItWhenTheyEnd() {
    Grlu rule = new Grlu(5, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false);
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    TrialSettings settings = settings(grlu(rule));
    Weights weights = Weights.initial(settings.shape(), 1);
    int[] order = IntStream.range(0, 24).toArray();
    StepSettings step = new StepSettings(0, 0.1, 0.1);
    RunScratch first;
    RunScratch second;
    try (SteppedEngine one =
            new SteppedEngine(
                two, "a", settings, new Arena(), DIGITS.train(), 2, Fold.AUTO, line -> {});
        SteppedEngine other =
            new SteppedEngine(
                two, "b", settings, new Arena(), DIGITS.train(), 2, Fold.AUTO, line -> {})) {
      first = one.scratch();
      second = other.scratch();
      one.step(step, order, 0, weights);
      int held = first.size();
      assertThat(held).isBetween(1, 2);
      other.step(step, order, 0, weights);
      assertThat(second.size()).isBetween(1, 2);
      assertThat(first.size()).as("what another run left of it").isEqualTo(held);
      one.step(step, order, 0, weights);
      assertThat(first.size()).isBetween(held, 2);
    }
    assertThat(first.size()).isZero();
    assertThat(second.size()).isZero();
  }
}
