package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedCostTest {
  private final ExpectedCost cost = new ExpectedCost(TestData.sample());

  private static Settings settings(String... sets) {
    List<String> all = new java.util.ArrayList<>(List.of(sets));
    all.add("dataset.name=mnist-sample");
    return ConfigReader.read(null, all);
  }

  /** Microseconds an example as measured on the machine that the formula is of. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9 | rule.perturbations=1 | network.skip=none",
        "14 | rule.perturbations=16 | network.skip=none",
        "55 | rule.perturbations=128 | network.skip=none",
        "26 | network.activation=top-k | network.skip=none",
        "140 | network.activation=top-k | rule.perturbations=128",
        "115 | network.layers=[784,256,256,10] | network.skip=residual",
        "546 | network.layers=[784,256,256,10] | rule.perturbations=128",
        "770 | network.layers=[784,128,128,128,128,128,128,10] | network.skip=dense",
        "11 | rule.name=backprop | network.skip=none",
        "59 | network.layers=[{convolution=16,size=5,stride=2}] | network.skip=none",
        "44 | network.layers=[{convolution=16,size=5,stride=2}] | rule.name=backprop",
        "133 | network.layers=[{recurrent=64,steps=28}] | network.skip=none",
        "35 | network.layers=[{recurrent=64,steps=28}] | rule.name=backprop"
      })
  void theFormulaIsNearWhatWasMeasured(double micros, String one, String other) {
    double evaluation = 2_500 * 2.6e-6;
    double example = (cost.seconds(settings(one, other, "training.epochs=1")) - evaluation) / 2000;
    assertThat(example * 1e6 / micros).isBetween(0.7, 1.4);
  }

  @Test
  void costGrowsWithWhatIsDone() {
    double one = cost.seconds(settings());
    assertThat(cost.seconds(settings("training.epochs=20"))).isEqualTo(2 * one, within(1e-9));
    assertThat(cost.seconds(settings("dataset.train-examples=1000"))).isLessThan(one);
    assertThat(cost.seconds(settings("dataset.validation-examples=1000"))).isLessThan(one);
    assertThat(cost.seconds(settings("rule.perturbations=17"))).isGreaterThan(one);
  }

  @Test
  void theSameShapeIsLearntFromItsTrialsByTheirMedian() {
    Settings trial = settings("training.epochs=4");
    double formula = cost.seconds(trial);
    assertThat(cost.knows(trial)).isFalse();
    for (double factor : new double[] {3, 100, 2}) {
      cost.tookSeconds(trial, 2, factor * formula / 2);
    }
    assertThat(cost.knows(settings("training.seed=5", "training.learning-rate.max=0.5"))).isTrue();
    assertThat(cost.seconds(trial)).isEqualTo(3 * formula, within(1e-9));
  }

  @Test
  void othersAreScaledByWhatOtherShapesTook() {
    Settings other = settings("rule.perturbations=3");
    double formula = cost.seconds(other);
    Settings one = settings();
    Settings two = settings("rule.gate=active");
    cost.tookSeconds(one, 10, 2 * cost.seconds(one));
    cost.tookSeconds(two, 10, 4 * new ExpectedCost(TestData.sample()).seconds(two));
    assertThat(cost.knows(other)).isFalse();
    assertThat(cost.seconds(other)).isEqualTo(3 * formula, within(1e-9));
  }

  @Test
  void whatHasNoMeaningIsNotOfTheShape() {
    assertThat(ExpectedCost.shape(settings("rule.name=backprop", "rule.perturbations=3")))
        .isEqualTo(ExpectedCost.shape(settings("rule.name=backprop")));
  }

  @Test
  void measuredExamplesAndImagesScaleTheFormula() {
    Settings trial = settings("rule.perturbations=16");
    double formula = cost.seconds(trial);
    cost.tookMicros(trial, 2 * 14.8, 2 * 3);
    assertThat(cost.seconds(trial) / formula).isBetween(1.8, 2.2);
  }

  @Test
  void whatWasMeasuredCountsEvaluationByItsOwnCost() {
    Settings trial = settings("dataset.train-examples=1000", "dataset.validation-examples=500");
    cost.tookMicros(trial, 10, 7);
    // ten epochs; 500 test images, 500 of validation, and twice the first 1,000
    assertThat(cost.seconds(trial)).isEqualTo(10e-6 * (1000 * 10 + 3000 * 7), within(1e-9));
  }

  @Test
  void aTrialOfFewExamplesDoesNotMakeOneOfManyLookDear() {
    String tiny = "network.layers=[784,4,10]";
    Settings few = settings(tiny, "training.epochs=1", "dataset.train-examples=50");
    Settings all = settings(tiny, "training.epochs=1");
    double formula = cost.seconds(all);
    // what reading an image costs, beside a network that costs next to nothing
    cost.tookSeconds(few, 1, 1e-6 * (50 * 2.4 + 2500 * 0.34));
    assertThat(cost.seconds(all) / formula).isBetween(0.8, 1.3);
  }
}
