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
import org.grlu.rule.Adam;
import org.grlu.rule.Backprop;
import org.grlu.rule.DirectFeedback;
import org.grlu.rule.Eligibility;
import org.grlu.rule.Evolution;
import org.grlu.rule.FeedbackAlignment;
import org.grlu.rule.Gate;
import org.grlu.rule.Grlu;
import org.grlu.rule.Hebbian;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.OutputErrors;
import org.grlu.rule.OutputSignal;
import org.grlu.rule.ShapedRewards;
import org.grlu.rule.ShardSize;
import org.grlu.rule.ShardWorker;
import org.grlu.rule.SignSymmetry;
import org.grlu.rule.StepSettings;
import org.grlu.rule.WeightPerturbation;
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

  private record Case(String name, NetworkShape shape, int batch, LearningRule rule) {}

  /** Batch, P, activation, gate, depth and skip, each value with several of the others. */
  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 24, 32, 96}) {
      for (int p : new int[] {1, 5, 16, 80}) {
        for (Skip skip : Skip.values()) {
          i++;
          Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
          Gate gate = i % 3 == 0 ? Gate.NONE : Gate.ACTIVE;
          List<Integer> layers =
              i % 4 == 1 && skip == Skip.NONE ? List.of(784, 20, 10) : List.of(784, 20, 20, 10);
          cases.add(
              new Case(
                  "batch %d, P %d, %s, gate %s, skip %s, %d hidden"
                      .formatted(batch, p, activation, gate, skip, layers.size() - 2),
                  new NetworkShape(layers, activation, 0.3, skip),
                  batch,
                  new Grlu(p, NoiseKind.GAUSSIAN, gate, 1, 1, false)));
        }
      }
    }
    NetworkShape relu = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.NONE);
    cases.add(new Case("backprop, batch 64", relu, 64, new Backprop()));
    NetworkShape wide =
        new NetworkShape(List.of(784, 2048, 2048, 10), Activation.RELU, 0.5, Skip.NONE);
    Grlu many = new Grlu(80, NoiseKind.GAUSSIAN, Gate.ACTIVE, 1, 1, false);
    cases.add(new Case("wide, leaves of two examples", wide, 5, many));
    cases.add(new Case("shaped rewards, batch 96", relu, 96, new ShapedRewards(5)));
    for (Skip skip : Skip.values()) {
      NetworkShape deep = new NetworkShape(List.of(784, 20, 20, 10), Activation.RELU, 0.5, skip);
      cases.add(new Case("output errors, skip " + skip, deep, 96, new OutputErrors()));
    }
    cases.add(comparing(1, 8, Skip.NONE, Eligibility.INJECTED, OutputSignal.MEASURED));
    cases.add(comparing(32, 16, Skip.RESIDUAL, Eligibility.INJECTED, OutputSignal.NOISE));
    cases.add(comparing(96, 16, Skip.DENSE, Eligibility.MEASURED, OutputSignal.ERROR));
    cases.add(comparing(24, 1, Skip.RESIDUAL, Eligibility.MEASURED, OutputSignal.MEASURED));
    NetworkShape one = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.DENSE);
    Grlu shaped =
        new Grlu(
            16,
            NoiseKind.SHAPED,
            Gate.ACTIVE,
            1,
            1,
            true,
            Eligibility.INJECTED,
            OutputSignal.MEASURED,
            0.5);
    cases.add(new Case("shaped noise, batch 24", one, 24, shaped));
    cases.addAll(learnedFeedback());
    cases.addAll(fixedFeedback());
    cases.addAll(noiseOnWeights());
    cases.addAll(hebbian());
    return cases;
  }

  /** Rules whose matrices each JVM draws itself; steps of one example, and of leaves. */
  private static List<Case> fixedFeedback() {
    List<Case> cases = new ArrayList<>();
    for (LearningRule rule :
        List.of(new DirectFeedback(0.5), new FeedbackAlignment(), new SignSymmetry())) {
      for (int batch : new int[] {1, 96}) {
        Activation activation = batch == 1 ? Activation.RELU : Activation.TOP_K;
        Skip skip = batch == 1 ? Skip.RESIDUAL : Skip.DENSE;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        cases.add(new Case("%s, batch %d".formatted(rule, batch), shape, batch, rule));
      }
    }
    return cases;
  }

  private static List<Case> hebbian() {
    List<Case> cases = new ArrayList<>();
    for (Hebbian.Variant variant : Hebbian.Variant.values()) {
      boolean noisy = variant.name().contains("NOIS");
      Activation activation = noisy ? Activation.TOP_K : Activation.RELU;
      Skip skip = noisy ? Skip.DENSE : Skip.RESIDUAL;
      NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
      cases.add(new Case("hebbian " + variant, shape, 96, TestData.hebbian(variant)));
    }
    return cases;
  }

  /** Steps of one example, of one leaf, of some and of leaves that return matrices. */
  private static List<Case> learnedFeedback() {
    List<Case> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 6, 24, 96}) {
      for (Skip skip : Skip.values()) {
        i++;
        LearnedFeedback rule =
            new LearnedFeedback(
                1 + i % 3,
                i % 5 == 0 ? NoiseKind.RADEMACHER : NoiseKind.GAUSSIAN,
                i % 2 == 0 ? LearnedFeedback.Teacher.REWARD : LearnedFeedback.Teacher.LOGITS,
                i % 4 == 3,
                i % 4 < 2 ? LearnedFeedback.Norm.ALL : LearnedFeedback.Norm.LAYER,
                i % 5 > 2,
                0.5,
                0.5,
                0.2);
        Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        cases.add(new Case("%s, %s, batch %d".formatted(rule, shape, batch), shape, batch, rule));
      }
    }
    return cases;
  }

  /** Evolution by noise of both forms, with Adam too; weight perturbation; backprop by Adam. */
  private static List<Case> noiseOnWeights() {
    List<Case> cases = new ArrayList<>();
    int i = 0;
    for (int batch : new int[] {1, 24, 96}) {
      for (Skip skip : Skip.values()) {
        i++;
        Activation activation = i % 2 == 0 ? Activation.RELU : Activation.TOP_K;
        NetworkShape shape = new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip);
        Evolution.Shaping shaping = List.of(Evolution.Shaping.values()).get((i + batch) % 3);
        Evolution rankOne = new Evolution(70, Evolution.Noise.RANK_ONE, shaping);
        Evolution full = new Evolution(3, Evolution.Noise.FULL, shaping);
        List<LearningRule> rules =
            i % 3 == 0
                ? List.of(rankOne, full, new Adam(new Backprop()))
                : List.of(new Adam(i % 3 == 1 ? rankOne : full), new WeightPerturbation(2));
        for (LearningRule rule : rules) {
          cases.add(new Case("%s, %s, batch %d".formatted(rule, shape, batch), shape, batch, rule));
        }
      }
    }
    return cases;
  }

  /** Orthogonal noise; pairs compared with a pass without noise. */
  private static Case comparing(
      int batch, int p, Skip skip, Eligibility eligibility, OutputSignal signal) {
    Activation activation = batch == 24 ? Activation.TOP_K : Activation.RELU;
    double rate = signal == OutputSignal.NOISE ? 1 : 0.5;
    return new Case(
        "batch %d, P %d orthogonal, %s, %s, skip %s".formatted(batch, p, eligibility, signal, skip),
        new NetworkShape(List.of(784, 20, 20, 10), activation, 0.3, skip),
        batch,
        new Grlu(p, NoiseKind.ORTHOGONAL, Gate.ACTIVE, 1, 1, true, eligibility, signal, rate));
  }

  private static TrialSettings settings(Case c) {
    Cosine rate = new Cosine(0.02, 0);
    TrainingSettings training =
        new TrainingSettings(1, c.batch, rate, new Cosine(0.1, 0.05), Schedule.PER_STEP, 7);
    return new TrialSettings(c.shape, PixelScale.MNIST, c.rule, training);
  }

  /** A few steps of small batches prove as much as many. */
  private static Dataset data(Case c) {
    return c.batch < 8 ? Datasets.sample().cut(6, 0) : DIGITS;
  }

  private static String digest(TrialSettings settings, Dataset data, StepEngine engine) {
    TrialResult result =
        new Trial(settings, data, engine, SILENT).run(Checkpoint.initial(settings, data.train()));
    assertThat(result.status()).isEqualTo(TrialStatus.DONE);
    return result.weights().sha256() + " " + result.weights().state().sha256();
  }

  private static String task(Case c) {
    TrialSettings settings = settings(c);
    return digest(settings, data(c), new LocalEngine(settings, data(c).train(), new Arena()));
  }

  private static String stepped(JavaSparkContext spark, Case c, int shards) {
    TrialSettings settings = settings(c);
    try (SteppedEngine engine =
        new SteppedEngine(
            spark, c.name, settings, new Arena(), data(c).train(), shards, line -> {})) {
      return digest(settings, data(c), engine);
    }
  }

  @TestFactory
  Stream<DynamicTest> anyNumberOfShardsGivesTheSameWeights() {
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    return cases().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name,
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
        "rule.perturbations=5 network.layers=[784,20,20,10] network.hidden=frozen training.weight-decay=0.1"
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
          new SteppedEngine(two, some, settings, new Arena(), digits.train(), shards, line -> {})) {
        assertThat(digest(settings, digits, engine)).as(shards + " shards").isEqualTo(expected);
      }
    }
  }

  @Tag("slow")
  @Test
  void oneCoreAndKryoGiveTheSameWeights() {
    List<Case> some = cases().stream().filter(c -> c.name.startsWith("batch 24")).toList();
    assertThat(some).hasSize(13);
    for (String serializer : List.of("JavaSerializer", "KryoSerializer")) {
      JavaSparkContext one = spark("local[1]", serializer);
      for (Case c : some) {
        assertThat(stepped(one, c, 3)).as(c.name + ", " + serializer).isEqualTo(task(c));
      }
    }
  }

  @Test
  void diagnosticsAreTheSame() {
    Case c = cases().get(12);
    TrialSettings plain = settings(c);
    TrialSettings settings =
        new TrialSettings(plain.shape(), plain.pixels(), plain.rule(), plain.training(), true);
    List<Object> found = new ArrayList<>();
    JavaSparkContext two = spark("local[2]", "JavaSerializer");
    try (SteppedEngine stepped =
        new SteppedEngine(two, c.name, settings, new Arena(), data(c).train(), 3, line -> {})) {
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
    for (Case c : cases()) {
      TrialSettings settings = settings(c);
      LeafGrid grid = LeafGrid.of(c.shape, c.rule, c.batch);
      ShardSize size = new ShardSize(c.shape, c.rule, grid);
      ShardWorker worker =
          new ShardWorker(
              c.shape, settings.pixels(), settings.augmentation(), c.rule, grid, new Arena());
      int[] order = IntStream.range(0, c.batch).toArray();
      StepSettings step = new StepSettings(0, 0.1, 0.1);
      KeyedPerturbations noise = settings.perturbations();
      settings.seek(noise, step);
      for (int shards : SHARDS) {
        for (int i = 0; i < shards; i++) {
          int from = grid.shardStart(i, shards);
          int to = grid.shardStart(i + 1, shards);
          Weights weights = Weights.initial(c.shape, 3).with(settings.state());
          ByteBuffer sums = ByteBuffer.allocate(worker.bytes(from, to));
          worker.compute(step, noise, weights, DIGITS.train(), order, from, to, sums);
          assertThat(sums.remaining()).as(c.name).isZero();
          assertThat((long) sums.position()).as(c.name).isEqualTo(size.of(i, shards));
        }
      }
    }
  }

  @Test
  void sparkEndsAStepThatReturnsMoreThanIsAllowedAndTheEngineCutsItToWhatIs() {
    NetworkShape wide =
        new NetworkShape(List.of(784, 400, 400, 10), Activation.RELU, 0.5, Skip.NONE);
    Case c = new Case("wide", wide, 24, new Grlu(2, NoiseKind.GAUSSIAN, Gate.NONE, 1, 1, false));
    JavaSparkContext two = spark("local[2]", "JavaSerializer", "1m");
    List<String> said = new ArrayList<>();
    TrialSettings settings = settings(c);
    assertThatThrownBy(() -> stepped(two, c, 3)).hasMessageContaining("maxResultSize");
    try (SteppedEngine engine =
        new SteppedEngine(two, c.name, settings, new Arena(), data(c).train(), 0, said::add)) {
      assertThat(engine.shards()).isEqualTo(1);
      assertThat(digest(settings, data(c), engine)).isEqualTo(task(c));
    }
    assertThat(said)
        .containsExactly(
            "a step is cut into 1 shards, not 2 as there are slots: more would return more than"
                + " spark.driver.maxResultSize allows");
  }

  private static Case grlu(LearningRule rule) {
    NetworkShape shape = new NetworkShape(List.of(784, 20, 10), Activation.RELU, 0.5, Skip.NONE);
    return new Case("grlu", shape, 24, rule);
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
    for (Case c : cases().subList(12, 30)) {
      TrialSettings settings = settings(c);
      Weights initial = Weights.initial(c.shape, 3).with(settings.state());
      byte[] weights = new byte[initial.packedBytes()];
      initial.pack(weights);
      byte[] weightsBefore = weights.clone();
      byte[] pixelsBefore = DIGITS.train().pixels().clone();
      Broadcast<byte[]> broadcastWeights = two.broadcast(weights);
      Broadcast<LabelledImages> images = two.broadcast(DIGITS.train());
      int[] order = IntStream.range(0, c.batch).toArray();
      ShardFunction shard =
          new ShardFunction(
              two.broadcast(new RunScratch(settings)),
              2,
              new StepSettings(0, 0.1, 0.1),
              order,
              images,
              broadcastWeights);
      List<Integer> lengths =
          two.parallelize(List.of(0, 1), 2)
              .map(i -> shard.apply(TaskContext.get(), null).length)
              .collect();
      assertThat(lengths).allMatch(n -> n > ShardFunction.HEADER);
      assertThat(weights).as("weights, " + c.name).isEqualTo(weightsBefore);
      assertThat(DIGITS.train().pixels()).as("images, " + c.name).isEqualTo(pixelsBefore);
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
            new SteppedEngine(two, "a", settings, new Arena(), DIGITS.train(), 2, line -> {});
        SteppedEngine other =
            new SteppedEngine(two, "b", settings, new Arena(), DIGITS.train(), 2, line -> {})) {
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
