package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The worked steps of golden_rules.json, through the code that trains. */
class GoldenRulesTest {
  private static final List<JsonNode> CASES = Golden.cases("golden_rules.json");

  private static Stream<JsonNode> of(String rule) {
    return CASES.stream().filter(golden -> golden.get("rule").textValue().equals(rule));
  }

  @Test
  void everyCaseIsOfARuleThatIsKnown() {
    assertThat(
            CASES.stream()
                .map(golden -> golden.get("rule").textValue())
                .collect(Collectors.groupingBy(rule -> rule, Collectors.counting())))
        .containsOnly(
            Map.entry("learned-feedback", 6L),
            Map.entry("direct-feedback", 1L),
            Map.entry("measured", 4L),
            Map.entry("evolution", 3L));
  }

  @TestFactory
  Stream<DynamicTest> learnedFeedbackAgreesWithTheReference() {
    return of("learned-feedback")
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.get("name").textValue(), () -> learnedFeedback(golden)));
  }

  private static void learnedFeedback(JsonNode golden) {
    NetworkShape shape = Golden.shape(golden);
    LearnedFeedback rule =
        new LearnedFeedback(
            golden.get("noises").get(0).size(),
            NoiseKind.RADEMACHER,
            word(LearnedFeedback.Teacher.class, golden.get("teacher")),
            golden.get("unbiased").booleanValue(),
            word(LearnedFeedback.Norm.class, golden.get("norm")),
            false,
            0.5,
            golden.get("output_rate").doubleValue(),
            golden.get("feedback_rate").doubleValue());
    double[][][] feedback = feedback(golden);
    State state = Feedbacks.state(shape, rule, feedback);
    Weights weights = Golden.weights(golden).with(state);
    double reward = step(golden, rule, weights);

    JsonNode expected = golden.get("expected");
    assertThat(reward)
        .isCloseTo(
            (mean(expected.get("reward_plus")) + mean(expected.get("reward_minus"))) / 2,
            within(1e-5));
    assertChanges(golden, weights);
    for (int l = 0; l < feedback.length; l++) {
      double[] change = Feedbacks.flat(shape, state, l);
      double[] before = Golden.doubles(golden.get("feedback").get(l));
      for (int i = 0; i < change.length; i++) {
        change[i] -= (float) before[i];
      }
      Golden.assertClose(
          "feedback of layer " + l,
          change,
          Golden.doubles(expected.get("delta_feedback").get(l)),
          1e-4);
    }
  }

  /** One step of a case's batch; returns the mean reward. */
  private static double step(JsonNode golden, LearningRule rule, Weights weights) {
    int[] labels = Golden.labels(golden);
    InputBatch batch = Golden.batch(golden, labels);
    double sigma = golden.get("sigma").doubleValue();
    StepSettings step = new StepSettings(0, golden.get("learning_rate").doubleValue(), sigma);
    double reward =
        new Stepper(weights.shape(), rule, labels.length, weights.memory())
            .step(step, new GoldenDraws(golden, sigma), batch, weights);
    weights.fold();
    return reward;
  }

  private static void assertChanges(JsonNode golden, Weights weights) {
    Weights before = Golden.weights(golden);
    JsonNode expected = golden.get("expected");
    for (int l = 0; l < weights.shape().depth(); l++) {
      Golden.assertClose(
          "weights of layer " + l,
          Golden.difference(weights.published(l), before.published(l)),
          Golden.doubles(expected.get("delta_weights").get(l)));
      Golden.assertClose(
          "biases of layer " + l,
          Golden.difference(weights.bias(l), before.bias(l)),
          Golden.doubles(expected.get("delta_biases").get(l)));
    }
  }

  private static <E extends Enum<E>> E word(Class<E> type, JsonNode word) {
    return Enum.valueOf(type, word.textValue().toUpperCase(Locale.ROOT));
  }

  private static double mean(JsonNode rewards) {
    return Arrays.stream(Golden.doubles(rewards)).average().orElseThrow();
  }

  private static double[][][] feedback(JsonNode golden) {
    JsonNode given = golden.get("feedback");
    double[][][] feedback = new double[given.size()][][];
    for (int l = 0; l < feedback.length; l++) {
      feedback[l] = new double[given.get(l).size()][];
      for (int j = 0; j < feedback[l].length; j++) {
        feedback[l][j] = Golden.doubles(given.get(l).get(j));
      }
    }
    return feedback;
  }
}
