package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.grlu.MixedNetworks;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Adam;
import org.grlu.rule.Backprop;
import org.grlu.rule.DirectFeedback;
import org.grlu.rule.Evolution;
import org.grlu.rule.FeedbackAlignment;
import org.grlu.rule.Gate;
import org.grlu.rule.Hebbian;
import org.grlu.rule.LearnedFeedback;
import org.grlu.rule.LearningRule;
import org.grlu.rule.ShapedRewards;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrialTest {
  private static final Dataset DATASET = TestData.sample().cut(1000, 200);
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 784, 32, 10);
  private static final LearningRule GRLU = TestData.grlu(16, NoiseKind.GAUSSIAN, Gate.NONE);

  private static TrialSettings settings(LearningRule rule, int epochs, double rate, long seed) {
    return settings(SHAPE, rule, epochs, rate, seed);
  }

  private static TrialSettings settings(
      NetworkShape shape, LearningRule rule, int epochs, double rate, long seed) {
    TrainingSettings training =
        new TrainingSettings(
            epochs, 4, new Cosine(rate, 0), new Cosine(0.1, 0), Schedule.PER_STEP, seed);
    return new TrialSettings(shape, PixelScale.MNIST, rule, training);
  }

  private static TrialResult run(
      TrialSettings settings, Checkpoint from, List<byte[]> checkpoints) {
    TrialListener listener =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double perSecond) {}

          @Override
          public void epoch(Checkpoint checkpoint) {
            checkpoints.add(checkpoint.toFile());
          }
        };
    LocalEngine engine = new LocalEngine(settings, DATASET.train(), from.weights().memory());
    return new Trial(settings, DATASET, engine, listener).run(from);
  }

  private static TrialResult run(TrialSettings settings) {
    return run(settings, Checkpoint.initial(settings, DATASET.train()), new ArrayList<>());
  }

  @Test
  void grluLearns() {
    TrialResult result = run(settings(GRLU, 3, 0.1, 1));
    assertThat(result.status()).isEqualTo(TrialStatus.DONE);
    assertThat(result.failure()).isNull();
    assertThat(result.epochs()).hasSize(3);
    EpochMetrics last = result.epochs().get(2);
    assertThat(last.testAccuracy()).isGreaterThan(0.6);
    assertThat(last.validationAccuracy()).isGreaterThan(0.6);
    assertThat(last.meanReward()).isGreaterThan(result.epochs().get(0).meanReward());
    assertThat(last.epoch()).isEqualTo(3);
    assertThat(last.examples()).isEqualTo(1000);
    assertThat(last.forwardPasses()).isEqualTo(32_000);
    assertThat(last.hiddenSparsity()).hasSize(1);
  }

  @Test
  void backpropagationLearns() {
    TrialResult result = run(settings(new Backprop(), 3, 0.1, 1));
    assertThat(result.epochs().get(2).testAccuracy()).isGreaterThan(0.75);
    assertThat(result.epochs().get(2).forwardPasses()).isEqualTo(1000);
  }

  @Test
  void aSeedGivesTheSameWeightsTwice() {
    String digest = run(settings(GRLU, 1, 0.1, 1)).weights().sha256();
    assertThat(run(settings(GRLU, 1, 0.1, 1)).weights().sha256()).isEqualTo(digest);
    assertThat(run(settings(GRLU, 1, 0.1, 2)).weights().sha256()).isNotEqualTo(digest);
  }

  private static List<LearningRule> rules() {
    return List.of(
        GRLU,
        new ShapedRewards(3),
        TestData.learned(1, LearnedFeedback.Teacher.REWARD),
        new DirectFeedback(1),
        new FeedbackAlignment(),
        new Adam(new Evolution(2, Evolution.Noise.RANK_ONE, Evolution.Shaping.NONE)),
        TestData.hebbian(Hebbian.Variant.NOISE_ONLY));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aTrialGoesOnFromACheckpointToTheSameBits(LearningRule rule) {
    assertGoesOn(settings(rule, 3, 0.1, 1));
  }

  @TestFactory
  Stream<DynamicTest> soDoesOneWithLayersOfSeveralKinds() {
    List<NetworkShape> shapes = MixedNetworks.ofDigits();
    List<LearningRule> rules = MixedNetworks.rules();
    return Stream.of(1, 3, 6, 8)
        .map(
            i ->
                DynamicTest.dynamicTest(
                    rules.get(i).toString(),
                    () ->
                        assertGoesOn(
                            settings(shapes.get(i % shapes.size()), rules.get(i), 3, 0.01, 1))));
  }

  private static void assertGoesOn(TrialSettings settings) {
    List<byte[]> checkpoints = new ArrayList<>();
    TrialResult whole = run(settings, Checkpoint.initial(settings, DATASET.train()), checkpoints);
    assertThat(checkpoints).hasSize(3);
    for (int epoch = 1; epoch <= 3; epoch++) {
      Checkpoint from = Checkpoint.fromFile(checkpoints.get(epoch - 1), settings);
      assertThat(from.epochs()).isEqualTo(whole.epochs().subList(0, epoch));
      TrialResult rest = run(settings, from, new ArrayList<>());
      assertThat(rest.weights().sha256()).isEqualTo(whole.weights().sha256());
      assertThat(rest.weights().state().sha256()).isEqualTo(whole.weights().state().sha256());
      assertThat(rest.epochs()).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(TestData.withoutSeconds(rest.epochs().get(i)))
            .isEqualTo(TestData.withoutSeconds(whole.epochs().get(i)));
      }
    }
  }

  /** The rate must be this large: layer norm and the reward's floor bound what a step can do. */
  @Test
  void aTrialThatDivergesSaysWhere() {
    TrialResult result = run(settings(GRLU, 2, 1e38, 1));
    assertThat(result.status()).isEqualTo(TrialStatus.DIVERGED);
    assertThat(result.failure())
        .matches("step \\d+, layer [01]: NaN or infinite, at learning rate .* noise scale .*");
    assertThat(result.epochs()).isEmpty();
  }

  @Test
  void aTrialThatDivergesCountsWhatItSpent() {
    TrialSettings settings = settings(GRLU, 2, 1e38, 1);
    TrialResult result = run(settings);
    long step = Long.parseLong(result.failure().replaceAll("step (\\d+).*", "$1"));
    long passes = (step + 1) * settings.training().batchSize() * GRLU.passesPerExample();
    assertThat(result.unfinished().forwardPasses()).isEqualTo(passes);
    assertThat(result.unfinished().cpuSeconds()).isPositive();
    assertThat(result.unfinished().wallSeconds()).isPositive();
  }
}
