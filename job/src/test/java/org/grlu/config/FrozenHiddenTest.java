package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.datasets.Dataset;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.rule.RuleCatalogue;
import org.grlu.rule.RuleEntry;
import org.grlu.training.Checkpoint;
import org.grlu.training.LocalEngine;
import org.grlu.training.StepEngine;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code network.hidden = frozen}, under every rule there is and the forms that differ in code. */
class FrozenHiddenTest {
  private static final Dataset DIGITS = TestData.sample().cut(240, 0);

  private static final int STEPS = 20;

  private static Stream<String> rules() {
    return Stream.concat(
        RuleCatalogue.current().rules().stream()
            .filter(rule -> !rule.oneByOne())
            .map(RuleEntry::name)
            .map("rule.name="::concat),
        Stream.of(
            "rule.perturbations=1",
            "rule.noise=orthogonal rule.normalise-noise=true rule.output-signal=error",
            "rule.gate=active rule.eligibility=measured rule.output-signal=measured",
            "rule.gate=active rule.eligibility=measured rule.output-signal=error rule.perturbations=1"));
  }

  @TestFactory
  Stream<DynamicTest> hiddenLayersKeepTheirInitialWeights() {
    return rules()
        .flatMap(
            rule -> Stream.of(rule + " training.batch-size=1", rule + " training.batch-size=9"))
        .map(sets -> DynamicTest.dynamicTest(sets, () -> keep(sets)));
  }

  private static void keep(String sets) {
    TrialSettings frozen = settings(sets, "frozen");
    TrialSettings trained = settings(sets, "trained");
    NetworkShape shape = frozen.shape();
    Weights initial = Weights.initial(shape, frozen.training().seed());

    // what the output layer learns in a step does not hang on what hidden layers learn in it
    Weights one = after(frozen, 1);
    Weights other = after(trained, 1);
    assertThat(same(one, other, shape.depth() - 1)).isTrue();
    assertThat(same(one, initial, shape.depth() - 1)).isFalse();

    Weights many = after(frozen, STEPS);
    for (int l = 0; l < shape.depth() - 1; l++) {
      assertThat(same(many, initial, l)).as("layer " + l).isTrue();
    }
    assertThat(many.finite(shape.depth() - 1)).isTrue();
  }

  private static TrialSettings settings(String sets, String hidden) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "network.layers = [784, 20, 20, 10]",
                "network.skip = residual",
                "network.hidden = " + hidden,
                "training.noise-scale.min = 0.1",
                "training.learning-rate.max = 0.001"));
    all.addAll(List.of(sets.split(" ", -1)));
    return ConfigReader.read(null, all).trial();
  }

  private static Weights after(TrialSettings settings, int steps) {
    Weights weights = Checkpoint.initial(settings, DIGITS.train()).weights();
    StepEngine engine = new LocalEngine(settings, DIGITS.train(), weights.memory());
    int batch = settings.training().batchSize();
    int[] order = new int[batch];
    for (int i = 0; i < steps; i++) {
      int first = i;
      Arrays.setAll(order, e -> (first + e) % DIGITS.train().size());
      double reward = engine.step(settings.step(0, i, STEPS), order, 0, weights);
      assertThat(reward).isFinite();
    }
    weights.decay(0.9f);
    weights.fold();
    return weights;
  }

  private static boolean same(Weights a, Weights b, int l) {
    return Arrays.equals(a.layer(l).toArray(), b.layer(l).toArray());
  }
}
