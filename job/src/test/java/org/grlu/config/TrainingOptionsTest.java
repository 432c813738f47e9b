package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;
import org.grlu.training.Checkpoint;
import org.grlu.training.Cosine;
import org.grlu.training.LocalEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training may do besides, from its keys to what comes of it. */
class TrainingOptionsTest {
  private static final Dataset DIGITS = TestData.sample().cut(1200, 0);

  /** What trainings without an option come to, by their id. */
  private static final Map<String, String> STANDARD = new HashMap<>();

  /** The last of each line is what is compared with the default. */
  private static final String EACH =
      """
      training.learning-rate.shape=linear
      training.learning-rate.shape=constant
      training.input-dropout=0.2
      training.shift=1
      training.weight-decay=0.01
      network.activation=top-k network.k=0.3 network.gumbel=0.5
      network.initial=data-pairs
      network.input-norm=none
      network.layers=[784,10] network.initial=zero training.learning-rate.max=0.02 rule.scope=label
      network.layers=[784,10] training.learning-rate.max=0.02 network.initial=zero
      network.layers=[784,10] rule.name=backprop training.learning-rate.max=0.01 network.initial=zero
      network.layers=[784,64,10] rule.hidden-noise=0.1 training.learning-rate.max=2 network.hidden=frozen
      training.order=prioritised
      training.order=prioritised training.order-floor=0.5
      """;

  private static Settings settings(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "network.layers=[784, 24, 10]",
                "rule.perturbations=16",
                "training.epochs=3",
                "training.batch-size=4",
                "training.learning-rate.max=0.1"));
    all.addAll(List.of(sets));
    return Configurations.sets(all.toArray(String[]::new));
  }

  private static TrialResult train(Settings settings) {
    return train(
        settings.trial(), Checkpoint.initial(settings.trial(), DIGITS.train()), new ArrayList<>());
  }

  private static TrialResult train(TrialSettings trial, Checkpoint from, List<byte[]> checkpoints) {
    TrialListener listener =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double perSecond) {}

          @Override
          public void epoch(Checkpoint checkpoint) {
            checkpoints.add(checkpoint.toFile());
          }
        };
    LocalEngine engine = new LocalEngine(trial, DIGITS.train(), from.weights().memory());
    return new Trial(trial, DIGITS, engine, listener).run(from);
  }

  static List<String> each() {
    return EACH.lines().toList();
  }

  @ParameterizedTest
  @MethodSource("each")
  void eachIsPartOfTheIdentityAndLearnsToOtherWeightsWhichAResumedRunHasToo(String line) {
    String[] sets = line.split(" ", -1);
    Settings standard = settings(Arrays.copyOf(sets, sets.length - 1));
    Settings changed = settings(sets);
    assertThat(changed.identity("d")).isNotEqualTo(standard.identity("d"));
    List<byte[]> checkpoints = new ArrayList<>();
    TrialSettings trial = changed.trial();
    TrialResult result = train(trial, Checkpoint.initial(trial, DIGITS.train()), checkpoints);
    assertThat(result.epochs().get(2).testAccuracy()).isGreaterThan(0.5);
    assertThat(result.weights().sha256())
        .isNotEqualTo(
            STANDARD.computeIfAbsent(
                standard.identity("d").id(), id -> train(standard).weights().sha256()));
    Checkpoint from = Checkpoint.fromFile(checkpoints.get(0), trial);
    assertThat(train(trial, from, new ArrayList<>()).weights().sha256())
        .isEqualTo(result.weights().sha256());
  }

  @Test
  void theLearningRateHasItsShapeAndNoiseKeepsItsCosine() {
    String[] range = {"training.learning-rate.max=0.4", "training.learning-rate.min=0.2"};
    for (String shape : List.of("cosine 0.370710678", "linear 0.35", "constant 0.4")) {
      String[] word = shape.split(" ", -1);
      TrialSettings trial =
          settings(range[0], range[1], "training.learning-rate.shape=" + word[0]).trial();
      assertThat(trial.training().learningRate().at(0.25))
          .isCloseTo(Double.parseDouble(word[1]), within(1e-9));
      assertThat(trial.training().noiseScale()).isEqualTo(new Cosine(0.1, 0));
    }
    assertThat(settings("training.learning-rate.shape=constant", range[1]).identity("d"))
        .isEqualTo(settings("training.learning-rate.shape=constant").identity("d"));
  }

  /** By the weights after 100 steps with and without it: the decay comes after the hundredth. */
  @Test
  void weightsAndNoBiasesDecayAfterEachHundredthStep() {
    String[] sets = {
      "training.epochs=1", "training.batch-size=12", "training.learning-rate.shape=constant"
    };
    Settings plain = settings(sets);
    Weights expected = train(plain).weights();
    Settings decaying = plain.with(Map.of("training.weight-decay", 0.02));
    Weights found = train(decaying).weights();
    expected.decay((float) (1 - 100 * 0.02 * 0.1));
    for (int l = 0; l < 2; l++) {
      assertThat(found.bias(l)).containsExactly(expected.bias(l));
      // the parts of the first layer decay before they are added, here afterwards
      assertThat(found.published(l)).containsExactly(expected.published(l), within(1e-6f));
    }
    String[] fewer = {sets[0], "training.batch-size=13", sets[2]};
    assertThat(
            train(settings(fewer).with(Map.of("training.weight-decay", 0.02))).weights().sha256())
        .as("92 steps")
        .isEqualTo(train(settings(fewer)).weights().sha256());
  }

  @Test
  void decayThatTakesAllIsRefused() {
    String most = "the largest training.learning-rate, 0.5, must be below 1";
    for (String range : List.of("max=0.5", "min=0.5")) {
      assertThat(
              Configurations.faults(
                  "training.weight-decay=0.02", "training.learning-rate." + range))
          .containsExactly("training.weight-decay = 0.02 (--set): 100 times it and " + most);
    }
    assertThat(settings("training.weight-decay=0.09")).isNotNull();
  }

  @Test
  void weightsThatAreAllZeroNeedANetworkWithoutHiddenLayers() {
    assertThat(Configurations.faults("network.initial=zero"))
        .singleElement()
        .asString()
        .startsWith(
            "network.initial = zero (--set): must be he or data-pairs with network.layers = [784, 256, 10]");
    TrialSettings trial = settings("network.layers=[784,10]", "network.initial=zero").trial();
    Weights weights = Checkpoint.initial(trial, DIGITS.train()).weights();
    assertThat(weights.published(0)).containsOnly(0f);
    assertThat(weights.bias(0)).containsOnly(0f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.learning-rate.shape=step | cosine or linear or constant",
        "training.input-dropout=1 | at least 0, below 1",
        "network.initial=ones | he or data-pairs or zero",
        "network.input-norm=batch | layer or none",
        "network.hidden=thawed | trained or frozen",
        "network.gumbel=-0.5 | at least 0",
        "training.weight-decay=-1 | at least 0",
        "training.order=hardest | permutation or prioritised",
        "training.order-floor=0 | above 0, at most 1",
        "training.shift=9 | 0 to 8",
        "training.shift=-1 | 0 to 8"
      })
  void whatIsNotAllowedIsRefusedInOneLine(String set) {
    String[] words = set.split(" \\| ", -1);
    assertThat(Configurations.faults(words[0].split(" ", -1)))
        .singleElement()
        .asString()
        .startsWith(words[0].replace("=", " = ") + " (--set): must be ")
        .endsWith(words[1]);
  }
}
