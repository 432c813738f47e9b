package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.math.Floats;
import org.grlu.network.Weights;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
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

/** Tasks that silence hidden neurons, from their keys to what comes of it. */
class ContextsTest {
  private static final Dataset DIGITS = TestData.sample().cut(1200, 0);
  private static final int HIDDEN = 40;

  private static List<String> sets(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "network.layers=[784," + HIDDEN + ",10]",
                "stream { kind = class-incremental, tasks = 3, context = given, active = 0.25 }",
                "training { batch-size = 2, learning-rate { shape = constant, max = 0.01 } }",
                "training.noise-scale.min=0.1",
                "rule.perturbations=4",
                "rule.gate=active"));
    all.addAll(List.of(sets));
    return all;
  }

  private static Settings settings(String... sets) {
    Settings settings = Configurations.sets(sets(sets).toArray(String[]::new));
    assertThat(settings.conflicts()).isEmpty();
    assertThat(settings.unfit(DIGITS)).isEmpty();
    return settings;
  }

  private static TrialResult run(Settings settings, List<Checkpoint> checkpoints) {
    TrialSettings trial = settings.trial();
    Dataset data = trial.presented(DIGITS);
    return run(settings, Checkpoint.initial(trial, data.train()), checkpoints);
  }

  private static TrialResult run(Settings settings, Checkpoint from, List<Checkpoint> checkpoints) {
    TrialListener listener =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double reward, double perSecond) {}

          @Override
          public void epoch(Checkpoint checkpoint) {
            checkpoints.add(Checkpoint.fromFile(checkpoint.toFile(), settings.trial()));
          }
        };
    TrialSettings trial = settings.trial();
    Dataset data = trial.presented(DIGITS);
    LocalEngine engine = new LocalEngine(trial, data.train(), from.weights().memory());
    return new Trial(trial, data, engine, listener).run(from);
  }

  /** By task, the units whose incoming weights or biases it changed. */
  private static List<Set<Integer>> learners(Settings settings, int layer) {
    List<Checkpoint> all = new ArrayList<>();
    all.add(Checkpoint.initial(settings.trial(), DIGITS.train()));
    run(settings, all);
    List<Set<Integer>> learners = new ArrayList<>();
    for (int t = 1; t < all.size(); t++) {
      Weights before = all.get(t - 1).weights();
      Weights after = all.get(t).weights();
      Set<Integer> changed = new HashSet<>();
      int units = before.shape().units(layer);
      for (int u = 0; u < units; u++) {
        if (!column(before, layer, u).equals(column(after, layer, u))) {
          changed.add(u);
        }
      }
      learners.add(changed);
    }
    return learners;
  }

  private static List<Float> column(Weights weights, int layer, int unit) {
    Floats all = weights.layer(layer);
    int stride = weights.shape().stride(layer);
    return IntStream.range(0, all.length() / stride)
        .mapToObj(row -> all.get(row * stride + unit))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule.perturbations=4",
        "rule.perturbations=1",
        "rule.perturbations=1 training.batch-size=1",
        "rule.noise=orthogonal",
        "rule.noise=shaped rule.output-signal=error rule.normalise-noise=true",
        "rule.output-signal=measured rule.eligibility=measured",
        "rule.name=backprop",
        "rule.name=learned-feedback",
        "rule.name=direct-feedback",
        "rule.name=sign-symmetry",
        "stream.kind=task-incremental stream.context=inferred",
      })
  void aTaskTeachesItsShareOfTheHiddenNeuronsAndNoOther(String some) {
    List<Set<Integer>> learners = learners(settings(some.split(" ", -1)), 0);
    assertThat(learners).hasSize(3);
    // a quarter of 40; some of ten pass no example
    assertThat(learners).allSatisfy(each -> assertThat(each.size()).isBetween(5, 10));
    assertThat(learners.get(0)).isNotEqualTo(learners.get(1)).isNotEqualTo(learners.get(2));
    // replay teaches again those of the tasks before
    List<String> again = new ArrayList<>(List.of(some.split(" ", -1)));
    again.add("stream.replay=50");
    List<Set<Integer>> replayed = learners(settings(again.toArray(String[]::new)), 0);
    assertThat(replayed.get(1)).containsAll(learners.get(1)).hasSizeGreaterThan(10);
    assertThat(Collections.disjoint(replayed.get(1), learners.get(0))).isFalse();
  }

  @Test
  void theSeedDrawsThem() {
    Set<Integer> first = learners(settings(), 0).get(0);
    assertThat(learners(settings("training.seed=2"), 0).get(0)).isNotEqualTo(first);
    assertThat(learners(settings("stream.active=1"), 0).get(0).size()).isGreaterThan(30);
  }

  @ParameterizedTest
  @CsvSource({"4", "1"})
  void aTasksScopeIsItsClasses(int pairs) {
    List<Set<Integer>> learners =
        learners(settings("rule.scope=task", "rule.perturbations=" + pairs), 1);
    assertThat(learners).containsExactly(Set.of(0, 1, 2, 3), Set.of(4, 5, 6), Set.of(7, 8, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"permuted", "class-incremental"})
  void theContextIsInferredAndAResumedTrialInfersTheSame(String kind) {
    Settings settings = settings("stream.kind=" + kind, "stream.context=inferred");
    List<Checkpoint> checkpoints = new ArrayList<>();
    TrialResult whole = run(settings, checkpoints);
    List<EpochMetrics> epochs = whole.epochs();
    List<Double> right =
        epochs.stream().map(epoch -> epoch.numbers().get("context_accuracy").get(0)).toList();
    assertThat(right.get(0)).as("of one task so far").isEqualTo(1);
    boolean permuted = kind.equals("permuted");
    assertThat(right.get(2)).isBetween(permuted ? 0.99 : 0.6, permuted ? 1 : 0.97);
    TrialResult resumed = run(settings, checkpoints.get(1), new ArrayList<>());
    assertThat(resumed.weights().sha256()).isEqualTo(whole.weights().sha256());
    for (String name : List.of("task_accuracy", "context_accuracy", "average_accuracy")) {
      assertThat(resumed.epochs().get(2).numbers().get(name))
          .as(name)
          .isEqualTo(epochs.get(2).numbers().get(name));
    }
    // it changes what is answered, not what is learnt
    TrialResult given = run(settings("stream.kind=" + kind), new ArrayList<>());
    assertThat(given.weights().sha256()).isEqualTo(whole.weights().sha256());
    assertThat(given.epochs().get(2).numbers().get("context_accuracy")).containsExactly(Double.NaN);
    if (!permuted) {
      assertThat(given.epochs().get(2).testAccuracy())
          .isNotEqualTo(whole.epochs().get(2).testAccuracy());
    }
  }

  @Test
  void examplesAreAnsweredBeforeTheyAreLearntWithoutChangingAnything() {
    String[] sets = {"stream.replay=100", "training.batch-size=1", "stream.context=none"};
    Settings plain = settings(sets);
    List<String> asked = new ArrayList<>(List.of(sets));
    asked.add("stream.prequential=true");
    Settings settings = settings(asked.toArray(String[]::new));
    assertThat(settings.identity("d")).isEqualTo(plain.identity("d"));
    TrialResult one = run(plain, new ArrayList<>());
    TrialResult other = run(settings, new ArrayList<>());
    assertThat(other.weights().sha256()).isEqualTo(one.weights().sha256());
    assertThat(one.epochs().get(0).numbers().get("prequential_accuracy"))
        .containsExactly(Double.NaN);
    for (EpochMetrics epoch : other.epochs()) {
      assertThat(epoch.numbers().get("prequential_accuracy").get(0)).isBetween(0.05, 0.9);
    }
    // a memory knows what it has stored: only before that it may be wrong, of a class never seen
    Settings memory =
        settings(
            "rule.name=hopfield",
            "rule.capacity=1000",
            "network.layers=[784,10]",
            "training.batch-size=1",
            "stream.context=none",
            "stream.prequential=true");
    for (EpochMetrics epoch : run(memory, new ArrayList<>()).epochs()) {
      assertThat(epoch.numbers().get("prequential_accuracy").get(0)).isBetween(0.7, 0.9999);
    }
    // a rate of nothing answers all alike: what is right is what the weights know
    Settings still =
        settings(
            "training.learning-rate.max=0",
            "stream.tasks=1",
            "stream.prequential=true",
            "stream.context=none",
            "dataset.validation-examples=0");
    EpochMetrics last = run(still, new ArrayList<>()).epochs().get(0);
    double all =
        new Evaluation(still.trial())
            .of(
                Checkpoint.initial(still.trial(), DIGITS.train()).weights(),
                DIGITS.train(),
                DIGITS.train().size())
            .accuracy();
    assertThat(last.numbers().get("prequential_accuracy")).containsExactly(all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rule.name=hebbian | rule.name = hebbian",
        "rule.name=evolution | rule.name = evolution",
        "rule.gate=none | rule.gate = none",
        "network.layers=[784,10] | network.layers = [784, 10]",
        "network.layers=[784,20,20,10] | network.layers = [784, 20, 20, 10]",
        "network.activation=top-k | network.activation = top-k",
      })
  void whatCannotHeedThemIsRefused(String set, String fault) {
    assertThat(Configurations.faults(sets(set).toArray(String[]::new)))
        .singleElement()
        .asString()
        .startsWith(fault + " (--set): must be ")
        .endsWith(
            " with stream.context = given, which silences hidden neurons that are then to learn nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iid", "permuted"})
  void noTaskHasClassesOfItsOwnThere(String kind) {
    assertThat(Configurations.faults("stream.kind=" + kind, "rule.scope=task"))
        .containsExactly(
            "rule.scope = task (--set): must be all or label with stream.kind = " + kind);
  }
}
