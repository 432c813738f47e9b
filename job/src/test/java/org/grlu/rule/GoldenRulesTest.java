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
    LearnedFeedback.Teacher teacher = word(LearnedFeedback.Teacher.class, golden.get("teacher"));
    LearnedFeedback rule = rule(golden, teacher, false);
    State state = Feedbacks.state(shape, rule, feedback(golden));
    Weights weights = Golden.weights(golden).with(state);
    double reward = step(golden, rule, weights);

    JsonNode expected = golden.get("expected");
    assertThat(reward)
        .isCloseTo(
            (mean(expected.get("reward_plus")) + mean(expected.get("reward_minus"))) / 2,
            within(1e-5));
    assertChanges(golden, weights);
    for (int l = 0; l < shape.depth() - 1; l++) {
      Golden.assertClose(
          "feedback of layer " + l,
          feedbackChange(golden, state, l),
          Golden.doubles(expected.get("delta_feedback").get(l)),
          1e-4);
    }
  }

  @TestFactory
  Stream<DynamicTest> directFeedbackAgreesWithTheReference() {
    return of("direct-feedback")
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.get("name").textValue(), () -> directFeedback(golden)));
  }

  private static void directFeedback(JsonNode golden) {
    DirectFeedback rule = new DirectFeedback(golden.get("output_rate").doubleValue());
    State state = Feedbacks.state(Golden.shape(golden), rule, feedback(golden));
    Weights weights = Golden.weights(golden).with(state);
    step(golden, rule, weights);
    assertChanges(golden, weights);
  }

  @TestFactory
  Stream<DynamicTest> evolutionAgreesWithTheReference() {
    return of("evolution")
        .map(
            golden ->
                DynamicTest.dynamicTest(golden.get("name").textValue(), () -> evolution(golden)));
  }

  private static void evolution(JsonNode golden) {
    int pairs = golden.get("columns").get(0).size();
    Evolution.Shaping shaping = word(Evolution.Shaping.class, golden.get("shaping"));
    Evolution rule = new Evolution(pairs, Evolution.Noise.RANK_ONE, shaping);
    Weights weights = Golden.weights(golden);
    step(golden, rule, weights);
    assertChanges(golden, weights);

    JsonNode expected = golden.get("expected");
    double[][] x = new double[golden.get("x").size()][];
    Arrays.setAll(x, e -> Golden.doubles(golden.get("x").get(e)));
    PlainChange plain =
        PlainEvolution.step(
            rule,
            new PlainNetwork(Golden.weights(golden)),
            x,
            Golden.labels(golden),
            golden.get("learning_rate").doubleValue(),
            golden.get("sigma").doubleValue(),
            pair -> rankOne(golden, pair),
            (e, p, l) -> new double[0]);
    for (int l = 0; l < weights.shape().depth(); l++) {
      double[] found = Arrays.stream(plain.weights()[l]).flatMapToDouble(Arrays::stream).toArray();
      // the network's own weights are floats
      double[] listed = Golden.doubles(expected.get("delta_weights").get(l));
      Golden.assertClose("plain weights of layer " + l, found, listed, 1e-5);
      double[] biases = Golden.doubles(expected.get("delta_biases").get(l));
      Golden.assertClose("plain biases of layer " + l, plain.biases()[l], biases, 1e-5);
    }
  }

  private static PlainNoise rankOne(JsonNode golden, int pair) {
    int depth = golden.get("columns").size();
    double[][][] noise = new double[depth][][];
    double[][] biases = new double[depth][];
    for (int l = 0; l < depth; l++) {
      double[] a = Golden.doubles(golden.get("columns").get(l).get(pair));
      double[] b = Golden.doubles(golden.get("rows").get(l).get(pair));
      noise[l] = PlainNoise.outer(a, b);
      biases[l] = Golden.doubles(golden.get("bias_noises").get(l).get(pair));
    }
    return new PlainNoise(noise, biases);
  }

  /** Worked in NumPy by the formula, lambda 0.25: units 0 and 5 of both hidden layers. */
  @Test
  void aChainAgreesWithItsFormula() {
    assertChain(
        LearnedFeedback.Teacher.REWARD,
        new double[][] {
          {-0.020483589, 0.030034141, -0.009550553, 0.006048226, -0.045139494, 0.039091268},
          {-0.022956202, 0.046983585, -0.024027383, 0.022442145, -0.045259843, 0.022817698}
        });
    assertChain(
        LearnedFeedback.Teacher.LOGITS,
        new double[][] {
          {0.004078009, 0.094509114, 0.024779023, -0.035385666, -0.084536758, 0.009369609},
          {0.006760747, 0.143225681, 0.010226232, -0.005109402, -0.077308572, 0.029643847}
        });
  }

  private static void assertChain(LearnedFeedback.Teacher teacher, double[][] expected) {
    String name = "learned feedback, two hidden layers, residual";
    JsonNode golden =
        of("learned-feedback")
            .filter(each -> each.get("name").textValue().equals(name))
            .findFirst()
            .orElseThrow();
    LearnedFeedback rule = rule(golden, teacher, true);
    State state = Feedbacks.state(Golden.shape(golden), rule, feedback(golden));
    step(golden, rule, Golden.weights(golden).with(state));
    for (int l = 0; l < expected.length; l++) {
      double[] all = feedbackChange(golden, state, l);
      double[] some = {all[0], all[1], all[2], all[15], all[16], all[17]};
      Golden.assertClose(teacher + ", feedback of layer " + l, some, expected[l], 1e-4);
    }
  }

  private static LearnedFeedback rule(
      JsonNode golden, LearnedFeedback.Teacher teacher, boolean chained) {
    return new LearnedFeedback(
        golden.get("noises").get(0).size(),
        NoiseKind.RADEMACHER,
        teacher,
        golden.get("unbiased").booleanValue(),
        word(LearnedFeedback.Norm.class, golden.get("norm")),
        chained,
        0.25,
        golden.get("output_rate").doubleValue(),
        golden.get("feedback_rate").doubleValue());
  }

  private static double[] feedbackChange(JsonNode golden, State state, int l) {
    double[] change = Feedbacks.flat(Golden.shape(golden), state, l);
    double[] before = Golden.doubles(golden.get("feedback").get(l));
    for (int i = 0; i < change.length; i++) {
      change[i] -= (float) before[i];
    }
    return change;
  }

  /** One step of a case's batch; returns the mean reward. */
  private static double step(JsonNode golden, LearningRule rule, Weights weights) {
    int[] labels = Golden.labels(golden);
    InputBatch batch = Golden.batch(golden, labels);
    double sigma = golden.path("sigma").asDouble();
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
