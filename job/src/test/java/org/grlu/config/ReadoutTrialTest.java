package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.training.Checkpoint;
import org.grlu.training.Evaluation;
import org.grlu.training.LocalEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trials of rules that learn from one example at a time. */
class ReadoutTrialTest {
  private static final Dataset DIGITS = TestData.sample().cut(700, 100);

  private static Settings settings(String... sets) {
    List<String> all = new ArrayList<>(List.of("network.layers=[784,10]", "network.initial=zero"));
    all.addAll(List.of(sets));
    return Configurations.sets(all.toArray(String[]::new));
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

  /** After one pass, on 500 digits; then a second, in one go and from a checkpoint. */
  @ParameterizedTest
  @CsvSource({
    "class-means, 0.7",
    "lda, 0.72",
    "rls, 0.68",
    "grlu-rls rule.lambda=1000, 0.6",
    "prototypes, 0.8",
    "hopfield, 0.83"
  })
  void eachLearnsInOnePassAndGoesOnFromACheckpointToTheSameBits(String rule, double accuracy) {
    TrialSettings trial = settings(("training.epochs=2 rule.name=" + rule).split(" ")).trial();
    List<byte[]> checkpoints = new ArrayList<>();
    TrialResult whole = train(trial, Checkpoint.initial(trial, DIGITS.train()), checkpoints);
    assertThat(whole.epochs().get(0).testAccuracy()).isGreaterThan(accuracy);
    assertThat(whole.epochs().get(0).meanReward()).isLessThanOrEqualTo(0);

    Checkpoint from = Checkpoint.fromFile(checkpoints.get(0), trial);
    TrialResult rest = train(trial, from, new ArrayList<>());
    assertThat(rest.weights().sha256()).isEqualTo(whole.weights().sha256());
    assertThat(rest.weights().state().sha256()).isEqualTo(whole.weights().state().sha256());
    assertThat(rest.epochs().get(1).testAccuracy()).isEqualTo(whole.epochs().get(1).testAccuracy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prototypes", "hopfield"})
  void whatIsKeptScoresAndWeightsAreClassMeansOfIt(String rule) {
    TrialSettings trial = settings("rule.name=" + rule, "training.epochs=1").trial();
    Checkpoint from = Checkpoint.initial(trial, DIGITS.train());
    Weights weights = train(trial, from, new ArrayList<>()).weights();
    State none = trial.state();
    Evaluation evaluation = new Evaluation(trial);
    double kept = evaluation.of(weights, DIGITS.test(), 500).accuracy();
    assertThat(evaluation.of(weights.with(none), DIGITS.test(), 500).accuracy())
        .as("without examples no class scores")
        .isLessThan(0.2);
    TrialSettings plain = settings("rule.name=backprop").trial();
    assertThat(new Evaluation(plain).of(weights, DIGITS.test(), 500).accuracy())
        .isBetween(0.6, kept - 0.02);
  }

  @Test
  void ofAFullMemoryNothingChanges() {
    TrialSettings trial = settings("rule.name=hopfield", "rule.capacity=50").trial();
    Weights weights = Checkpoint.initial(trial, DIGITS.train()).weights();
    LocalEngine engine = new LocalEngine(trial, DIGITS.train(), weights.memory());
    int[] order = new int[60];
    String full = null;
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      engine.step(trial.step(0, i, 60), order, i, weights);
      full = i == 49 ? weights.state().sha256() : full;
    }
    assertThat(weights.state().sha256()).isEqualTo(full);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.batch-size=2 | training.batch-size = 2 (--set): must be 1 under rule.name = lda, which learns from one example at a time",
        "engine.mode=stepped | engine.mode = stepped (--set): must be task under rule.name = lda",
        "report.diagnostics=epoch | report.diagnostics = epoch (--set): must be none under rule.name = lda",
        "network.layers=[784,30,10] network.initial=he | network.layers = [784, 30, 10]: must be two, inputs and classes, under rule.name = lda",
        "rule.name=hopfield rule.capacity=1000000 | rule.name = hopfield: must keep at most 125000000 numbers in one array; with network.layers = [784, 10] and the values of its keys it keeps 784000000",
        "rule.ridge=0 | rule.ridge = 0 (--set): must be a number, at least 1.0E-5, at most 1",
        "rule.name=grlu-rls rule.noise=orthogonal | rule.noise = orthogonal: must be gaussian or rademacher under rule.name = grlu-rls",
        "rule.name=grlu-rls rule.lambda=0 | rule.lambda = 0 (--set): must be a number, above 0",
        "training.optimiser=adam | training.optimiser = adam (--set): must be sgd under rule.name = lda"
      })
  void whatTheyCannotDoIsOneLine(String set) {
    String[] words = set.split(" \\| ", -1);
    List<String> sets =
        new ArrayList<>(
            List.of("network.layers=[784,10]", "network.initial=zero", "rule.name=lda"));
    sets.addAll(List.of(words[0].split(" ", -1)));
    assertThat(Configurations.faults(sets.toArray(String[]::new)))
        .singleElement()
        .asString()
        .startsWith(words[1]);
  }
}
