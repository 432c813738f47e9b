package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The worked steps of golden_steps.json, through the code that trains. */
class GoldenStepTest {

  @TestFactory
  Stream<DynamicTest> stepsAgreeWithTheReference() {
    List<JsonNode> cases = Golden.cases("golden_steps.json");
    assertThat(cases).hasSize(10);
    return cases.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.get("name").textValue(), () -> step(golden)));
  }

  private static void step(JsonNode golden) {
    NetworkShape shape = Golden.shape(golden);
    Weights weights = Golden.weights(golden);
    Weights before = Golden.weights(golden);
    int[] labelOf = Golden.labels(golden);
    InputBatch batch = Golden.batch(golden, labelOf);
    int perturbations = golden.get("noises").get(0).size();
    double sigma = golden.get("sigma").doubleValue();
    Grlu rule =
        new Grlu(
            perturbations,
            NoiseKind.GAUSSIAN,
            Gate.valueOf(golden.get("gate").textValue().toUpperCase(Locale.ROOT)),
            1,
            1,
            golden.get("normalise_noise").booleanValue());
    double learningRate = golden.get("learning_rate").doubleValue();
    double reward =
        new Stepper(shape, rule, labelOf.length, new Arena())
            .step(
                new StepSettings(0, learningRate, sigma),
                new GoldenDraws(golden, sigma),
                batch,
                weights);
    weights.fold();

    JsonNode expected = golden.get("expected");
    assertThat(reward).isCloseTo(expected.get("mean_reward").doubleValue(), within(1e-4));
    for (int l = 0; l < shape.depth(); l++) {
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
}
