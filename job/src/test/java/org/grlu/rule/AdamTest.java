package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.grlu.TestData;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adam against its formula in double precision, of what the rule alone changes. */
class AdamTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 784, 20, 10);
  private static final int BATCH = 30;
  private static final double RATE = 0.01;

  /** A power of two, so large that the weights' rounding is nothing beside the change. */
  private static final double LARGE = 1 << 20;

  static Stream<LearningRule> estimators() {
    return Stream.of(
        new Backprop(), new Evolution(4, Evolution.Noise.RANK_ONE, Evolution.Shaping.NONE));
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void threeStepsAreThoseOfTheFormula(LearningRule estimator) {
    LearningRule rule = new Adam(estimator);
    Weights weights = Weights.initial(SHAPE, 1).with(rule.state(SHAPE, 1));
    Stepper stepper = new Stepper(SHAPE, rule, BATCH, weights.memory());
    Stepper alone = new Stepper(SHAPE, estimator, BATCH, weights.memory());
    int count = all(weights).length;
    double[] mean = new double[count];
    double[] square = new double[count];
    for (int step = 0; step < 3; step++) {
      double[] before = all(weights);
      double[] gradient = gradient(alone, step, weights);
      step(stepper, step, RATE, weights);
      double[] after = all(weights);
      double[] found = new double[count];
      double[] expected = new double[count];
      double t = step + 1.0;
      for (int i = 0; i < count; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
        double m = mean[i] / (1 - Math.pow(0.9, t));
        double v = square[i] / (1 - Math.pow(0.999, t));
        expected[i] = RATE * m / (Math.sqrt(v) + 1e-8);
        found[i] = after[i] - before[i];
      }
      // a neuron that is silent for all examples has no gradient, and does not move
      Golden.assertClose("step " + step, found, expected, 1e-3);
    }
    assertThat(weights.state().ofLeaves().isEmpty()).isTrue();
  }

  /** What the rule by itself adds, by its learning rate. */
  private static double[] gradient(Stepper alone, int number, Weights weights) {
    Weights copy = new Weights(SHAPE).with(State.NONE);
    for (int l = 0; l < SHAPE.depth(); l++) {
      copy.layer(l).copy(weights.layer(l), 0, 0, weights.layer(l).length());
    }
    step(alone, number, LARGE, copy);
    double[] before = all(weights);
    double[] after = all(copy);
    for (int i = 0; i < after.length; i++) {
      after[i] = (after[i] - before[i]) / LARGE;
    }
    return after;
  }

  private static void step(Stepper stepper, int number, double rate, Weights weights) {
    KeyedPerturbations draws = new KeyedPerturbations(SHAPE, NoiseKind.GAUSSIAN, 1);
    draws.step(number, 0.1, 0.1);
    InputBatch batch = TestData.digits(SHAPE, BATCH);
    assertThat(stepper.step(new StepSettings(number, rate, 0.1), draws, batch, weights))
        .isNegative();
    weights.fold();
  }

  /** All weights and biases as published. */
  private static double[] all(Weights weights) {
    double[] all = new double[(784 + 1) * 20 + (20 + 1) * 10];
    int at = 0;
    for (int l = 0; l < SHAPE.depth(); l++) {
      for (float w : weights.published(l)) {
        all[at++] = w;
      }
      for (float b : weights.bias(l)) {
        all[at++] = b;
      }
    }
    return all;
  }
}
