package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The matrices that direct feedback and feedback alignment draw once. */
class FixedFeedbackTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.DENSE, 784, 60, 40, 10);

  /**
   * 600, 400, 33760 and 8840 normal numbers: mean and variance lie within four standard errors,
   * which fails once in 2000 seeds.
   */
  @Test
  void areOfTheirDistributions() {
    State direct = new DirectFeedback(1).state(SHAPE, 1);
    assertNormal(direct.array("feedback_0"), 10, 60, 64, 1.0 / 60);
    assertNormal(direct.array("feedback_1"), 10, 40, 48, 1.0 / 40);
    State alignment = new FeedbackAlignment().state(SHAPE, 1);
    assertNormal(alignment.array("backward_1"), 844, 40, 48, 2.0 / 844);
    assertNormal(alignment.array("backward_2"), 884, 10, 16, 2.0 / 884);
  }

  /** Beside it, in padding and biases, are zeros. */
  private static void assertNormal(Floats x, int rows, int units, int stride, double variance) {
    int n = rows * units;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < x.length(); i++) {
      if (i / stride < rows && i % stride < units) {
        sum += x.get(i);
        squares += x.get(i) * x.get(i);
      } else {
        assertThat(x.get(i)).isZero();
      }
    }
    assertThat(sum / n).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
    assertThat(squares / n).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / n)));
  }

  @Test
  void areOfTheSeedAndTheLayerAndNoWeights() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 20, 20, 20, 10);
    float[] first = new FeedbackAlignment().state(shape, 1).array("backward_1").toArray();
    State again = new FeedbackAlignment().state(shape, 1);
    assertThat(again.array("backward_1").toArray()).isEqualTo(first);
    assertThat(again.array("backward_2").toArray()).isNotEqualTo(first);
    State other = new FeedbackAlignment().state(shape, 2);
    assertThat(other.array("backward_1").toArray()).isNotEqualTo(first);
    assertThat(Weights.initial(shape, 1).layer(1).toArray()).isNotEqualTo(first);
  }

  /** To the bit: alignment through the weights themselves is backpropagation. */
  @ParameterizedTest
  @CsvSource({"NONE, 1", "RESIDUAL, 1", "DENSE, 1", "NONE, 24", "RESIDUAL, 24", "DENSE, 24"})
  void alignmentThroughTheWeightsIsBackpropagation(Skip skip, int batch) {
    NetworkShape shape = TestData.relu(skip, 784, 20, 20, 10);
    State state = new FeedbackAlignment().state(shape, 1);
    Weights weights = Weights.initial(shape, 1);
    String drawn = after(new FeedbackAlignment(), weights.with(state), batch);
    weights = Weights.initial(shape, 1);
    for (int l = 1; l < shape.depth(); l++) {
      state.array(FeedbackAlignment.name(l)).copy(weights.layer(l), 0, 0, shape.layer(l).length());
    }
    String copied = after(new FeedbackAlignment(), weights.with(state), batch);
    String exact = after(new Backprop(), Weights.initial(shape, 1), batch);
    assertThat(copied).isEqualTo(exact).isNotEqualTo(drawn);
  }

  /** The digest of the weights after a step. */
  private static String after(LearningRule rule, Weights weights, int batch) {
    KeyedPerturbations draws = new KeyedPerturbations(weights.shape(), NoiseKind.GAUSSIAN, 1);
    new Stepper(weights.shape(), rule, batch, weights.memory())
        .step(
            new StepSettings(0, 0.1, 0.1), draws, TestData.digits(weights.shape(), batch), weights);
    weights.fold();
    return weights.sha256();
  }

  /** What a step changes, it changes of the weights. */
  @Test
  void areNotTaught() {
    NetworkShape shape = TestData.relu(Skip.NONE, 784, 20, 20, 10);
    for (LearningRule rule : new LearningRule[] {new DirectFeedback(1), new FeedbackAlignment()}) {
      State state = rule.state(shape, 1);
      String before = after(rule, Weights.initial(shape, 1).with(state), 1);
      assertThat(after(rule, Weights.initial(shape, 1).with(state), 1)).isEqualTo(before);
      String[] names =
          IntStream.range(0, 2)
              .mapToObj(
                  l ->
                      rule instanceof DirectFeedback
                          ? LearnedFeedback.name(l)
                          : FeedbackAlignment.name(l + 1))
              .toArray(String[]::new);
      for (String name : names) {
        assertThat(state.array(name).toArray())
            .isEqualTo(rule.state(shape, 1).array(name).toArray());
      }
    }
  }
}
