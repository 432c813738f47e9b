package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * The cases of golden_rules.json with measured changes, by the code that trains and by its form.
 */
class GoldenMeasuredTest {
  /** Of doubles against doubles. */
  private static final double ROUNDING = 1e-9;

  @TestFactory
  Stream<DynamicTest> stepsAgreeWithTheReference() {
    return cases().map(golden -> test(golden, () -> fast(golden)));
  }

  @TestFactory
  Stream<DynamicTest> thePlainFormAgreesWithTheReference() {
    return cases().map(golden -> test(golden, () -> plain(golden)));
  }

  private static Stream<JsonNode> cases() {
    List<JsonNode> cases =
        Golden.cases("golden_rules.json").stream()
            .filter(golden -> golden.get("rule").textValue().equals("measured"))
            .toList();
    assertThat(cases).hasSize(4);
    return cases.stream();
  }

  private static DynamicTest test(JsonNode golden, Executable body) {
    return DynamicTest.dynamicTest(golden.get("name").textValue(), body);
  }

  private static Grlu rule(JsonNode golden) {
    return new Grlu(
        golden.get("first_noise").size(),
        golden.has("orthogonal") ? NoiseKind.ORTHOGONAL : NoiseKind.RADEMACHER,
        Gate.ACTIVE,
        1,
        1,
        false,
        Eligibility.MEASURED,
        golden.get("output").textValue().equals("error")
            ? OutputSignal.ERROR
            : OutputSignal.MEASURED,
        golden.get("output_rate").doubleValue());
  }

  private static void fast(JsonNode golden) {
    NetworkShape shape = Golden.shape(golden);
    Weights weights = Golden.weights(golden);
    int[] labels = Golden.labels(golden);
    StepSettings step =
        new StepSettings(
            0, golden.get("learning_rate").doubleValue(), golden.get("sigma").doubleValue());
    new Stepper(shape, rule(golden), labels.length, new Arena())
        .step(
            step,
            new GoldenDraws(golden, step.noiseScale()),
            Golden.batch(golden, labels),
            weights);
    weights.fold();
    Weights before = Golden.weights(golden);
    JsonNode expected = golden.get("expected");
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

  private static void plain(JsonNode golden) {
    PlainNetwork network = PlainGrluTest.network(golden);
    JsonNode noise = golden.get("first_noise");
    PlainChange change =
        new PlainComparingGrlu(rule(golden), network, golden.get("sigma").doubleValue())
            .step(
                PlainGrluTest.rows(golden.get("x")),
                Golden.labels(golden),
                golden.get("learning_rate").doubleValue(),
                (e, p, l, mask) -> Golden.doubles(noise.get(p).get(e)),
                (e, p, l) -> new double[0]);
    JsonNode expected = golden.get("expected");
    for (int l = 0; l < network.shape.depth(); l++) {
      Golden.assertClose(
          "weights of layer " + l,
          Arrays.stream(change.weights()[l]).flatMapToDouble(Arrays::stream).toArray(),
          Golden.doubles(expected.get("delta_weights").get(l)),
          ROUNDING);
      Golden.assertClose(
          "biases of layer " + l,
          change.biases()[l],
          Golden.doubles(expected.get("delta_biases").get(l)),
          ROUNDING);
    }
  }
}
