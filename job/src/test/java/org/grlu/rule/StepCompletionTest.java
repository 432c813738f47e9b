package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.math.Arena;
import org.grlu.network.Augmentation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCompletionTest {
  private static final StepSettings STEP = new StepSettings(3, 0.1, 0.1);

  private static final NetworkShape SHAPE = TestData.relu(Skip.RESIDUAL, 784, 40, 40, 10);

  private static LearningRule rule(String name) {
    return switch (name) {
      case "grlu" -> TestData.grlu(80, NoiseKind.GAUSSIAN, Gate.ACTIVE);
      case "backprop" -> new Backprop();
      case "evolution" -> new Evolution(70, Evolution.Noise.RANK_ONE, Evolution.Shaping.NONE);
      case "adam" -> new Adam(new Evolution(200, Evolution.Noise.FULL, Evolution.Shaping.RANK));
      case "adam on backprop" -> new Adam(new Backprop());
      case "weight perturbation" -> new WeightPerturbation(2);
      case "output errors" -> new OutputErrors();
      default -> new ShapedRewards(5);
    };
  }

  private static KeyedPerturbations noise(LearningRule rule) {
    KeyedPerturbations noise =
        rule.estimator() instanceof NoisyRule
            ? new KeyedPerturbations(SHAPE, NoiseKind.GAUSSIAN, 1)
            : new KeyedPerturbations(SHAPE, 1);
    noise.step(STEP.number(), 0.1, 0.1);
    return noise;
  }

  private static ShardWorker worker(LearningRule rule, LeafGrid grid) {
    InputBatch batch = new InputBatch(SHAPE, PixelScale.MNIST);
    return new ShardWorker(SHAPE, batch, Augmentation.NONE, rule, grid, new Arena());
  }

  private static List<ByteBuffer> computed(
      LearningRule rule, LeafGrid grid, Weights weights, int shards) {
    ShardWorker worker = worker(rule, grid);
    int[] order = IntStream.range(0, grid.batch()).toArray();
    List<ByteBuffer> packed = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      int from = grid.shardStart(i, shards);
      int to = grid.shardStart(i + 1, shards);
      ByteBuffer out = ByteBuffer.allocate(worker.bytes(from, to));
      var images = TestData.sample().train();
      worker.compute(STEP, noise(rule), weights, images, order, from, to, out);
      packed.add(out.flip());
    }
    return packed;
  }

  /** 1 and 2 shards of 500 examples return matrices, 7 both, 60 coefficients. */
  @ParameterizedTest
  @CsvSource({
    "grlu, 500",
    "grlu, 17",
    "backprop, 500",
    "output errors, 500",
    "output errors, 7",
    "output errors, 1",
    "evolution, 150",
    "adam, 3",
    "adam on backprop, 150",
    "weight perturbation, 17",
    "shaped, 500"
  })
  void anyNumberOfThreadsGivesTheBitsOfOne(String name, int examples) {
    LearningRule rule = rule(name);
    LeafGrid grid = LeafGrid.of(SHAPE, rule, examples);
    Weights before = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
    InputBatch batch = TestData.digits(SHAPE, examples);
    Weights expected = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
    Stepper stepper = new Stepper(SHAPE, rule, examples, new Arena());
    double reward = stepper.step(STEP, noise(rule), batch, expected);
    float[] rewards = stepper.ofExamples().toArray();
    double sum = 0;
    for (float each : rewards) {
      assertThat(each).isNegative();
      sum += each;
    }
    // sums over an example's passes, in 32 bits
    assertThat(sum / examples / rule.rewardsPerExample()).isCloseTo(reward, within(1e-6));
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (RowThreads rows = new RowThreads(threads, 0)) {
        StepCompletion completion = new StepCompletion(SHAPE, rule, grid, rows, new Arena());
        for (int shards : new int[] {1, 2, 7, 60}) {
          Weights weights = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
          List<ByteBuffer> packed = computed(rule, grid, before, shards);
          assertThat(completion.complete(STEP, noise(rule), () -> batch, packed, weights))
              .isEqualTo(reward);
          assertThat(weights.sha256())
              .as("%d shards, %d threads", shards, threads)
              .isEqualTo(expected.sha256());
          assertThat(weights.state().sha256()).isEqualTo(expected.state().sha256());
          assertThat(completion.ofExamples().toArray()).containsExactly(rewards);
        }
      }
    }
  }

  /**
   * Leaves whose roots lie across shards; two hidden layers, of which the first is coefficients.
   */
  @ParameterizedTest
  @CsvSource({
    "grlu, 500",
    "grlu, 17",
    "backprop, 500",
    "adam on backprop, 150",
    "output errors, 1"
  })
  void slicesThatAreCompletedApartGiveTheBitsOfOneThread(String name, int examples) {
    LearningRule rule = rule(name);
    LeafGrid grid = LeafGrid.of(SHAPE, rule, examples);
    Weights before = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
    InputBatch batch = TestData.digits(SHAPE, examples);
    Weights expected = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
    double reward =
        new Stepper(SHAPE, rule, examples, new Arena()).step(STEP, noise(rule), batch, expected);
    ShardWorker worker = worker(rule, grid);
    int[] order = IntStream.range(0, examples).toArray();
    try (RowThreads one = new RowThreads(1)) {
      StepCompletion completion = new StepCompletion(SHAPE, rule, grid, one, new Arena());
      for (int shards : new int[] {1, 2, 3, 7}) {
        // 100 are more slices than a matrix has rows
        for (int count : new int[] {1, 2, 5, 100}) {
          RowSlices cut = new RowSlices(SHAPE, rule, count);
          List<ByteBuffer> beside = new ArrayList<>();
          List<List<byte[]>> bySlice =
              Stream.generate(ArrayList<byte[]>::new)
                  .limit(count)
                  .map(list -> (List<byte[]>) list)
                  .toList();
          for (int i = 0; i < shards; i++) {
            int from = grid.shardStart(i, shards);
            int to = grid.shardStart(i + 1, shards);
            ByteBuffer out = ByteBuffer.allocate(worker.bytesBesideSlices(from, to));
            ByteBuffer[] slices = worker.slices(cut, from, to);
            worker.compute(
                STEP,
                noise(rule),
                before,
                TestData.sample().train(),
                order,
                from,
                to,
                out,
                cut,
                slices);
            beside.add(out.flip());
            for (int s = 0; s < count; s++) {
              assertThat(slices[s].remaining()).isZero();
              bySlice.get(s).add(0, slices[s].array());
            }
          }
          List<ByteBuffer> sums = new ArrayList<>();
          for (int s = 0; s < count; s++) {
            ByteBuffer out = ByteBuffer.allocate(cut.bytes(s));
            cut.complete(grid, s, bySlice.get(s), out);
            sums.add(out.flip());
          }
          Weights weights = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
          assertThat(completion.complete(STEP, noise(rule), () -> batch, beside, sums, weights))
              .isEqualTo(reward);
          assertThat(weights.sha256())
              .as("%d shards, %d slices", shards, count)
              .isEqualTo(expected.sha256());
          assertThat(weights.state().sha256()).isEqualTo(expected.state().sha256());
        }
      }
    }
  }

  /** Header, a double for each pass, a float for each example. */
  @Test
  void evolutionReturnsRewardsWhateverTheNetwork() {
    LearningRule rule = rule("evolution");
    for (NetworkShape shape : List.of(SHAPE, TestData.relu(Skip.NONE, 784, 1024, 512, 10))) {
      LeafGrid grid = LeafGrid.of(shape, rule, 150);
      assertThat(new ShardSize(shape, rule, grid).of(0, 1)).isEqualTo(16 + 140 * 8 + 150 * 4);
    }
    LeafGrid grid = LeafGrid.of(SHAPE, rule, 150);
    assertThat(computed(rule, grid, Weights.initial(SHAPE, 1), 1).get(0).remaining())
        .isEqualTo(16 + 140 * 8 + 150 * 4);
  }

  @Test
  void examplesAreNotAskedForWhereAllShardsReturnMatrices() {
    LearningRule rule = rule("grlu");
    LeafGrid grid = LeafGrid.of(SHAPE, rule, 500);
    Weights weights = Weights.initial(SHAPE, 1);
    List<ByteBuffer> packed = computed(rule, grid, weights, 1);
    try (RowThreads rows = new RowThreads(2, 0)) {
      StepCompletion completion = new StepCompletion(SHAPE, rule, grid, rows, weights.memory());
      Supplier<InputBatch> none =
          () -> {
            throw new AssertionError("asked for");
          };
      assertThat(completion.complete(STEP, noise(rule), none, packed, weights)).isNegative();
    }
  }

  @Test
  void rowsAreDoneOnceEachAndAFailureIsTold() {
    try (RowThreads rows = new RowThreads(3, 10)) {
      int[] done = new int[8];
      rows.run(8, 10, (thread, from, to) -> IntStream.range(from, to).forEach(i -> done[i]++));
      assertThat(done).containsOnly(1);
      int[] by = new int[1];
      rows.run(8, 9, (thread, from, to) -> by[0] += 10 * (to - from) + thread);
      assertThat(by[0]).as("too little to be divided").isEqualTo(80);
      RowThreads.Work fails =
          (thread, from, to) -> {
            if (thread == 2) {
              throw new IllegalArgumentException("made to fail");
            }
          };
      assertThatThrownBy(() -> rows.run(8, 10, fails)).hasRootCauseMessage("made to fail");
    }
  }
}
