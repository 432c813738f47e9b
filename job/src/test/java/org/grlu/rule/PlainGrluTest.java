package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The worked cases through the plain form: double against double, so but for the last digits. */
class PlainGrluTest {
  private static final double ROUNDING = 1e-12;

  /** The floor of the reward is a float, 1.3e-8 of it off. */
  private static final double REWARD = 1e-11;

  @TestFactory
  Stream<DynamicTest> stepsAgreeWithTheReference() {
    return Golden.cases("golden_steps.json").stream()
        .map(golden -> DynamicTest.dynamicTest(golden.get("name").textValue(), () -> step(golden)));
  }

  @TestFactory
  Stream<DynamicTest> cleanPassesAgreeWithTheReference() {
    return Golden.cases("golden_evaluation.json").stream()
        .map(golden -> DynamicTest.dynamicTest(golden.get("name").textValue(), () -> pass(golden)));
  }

  private static void step(JsonNode golden) {
    PlainNetwork network = network(golden);
    Grlu rule =
        new Grlu(
            golden.get("noises").get(0).size(),
            NoiseKind.GAUSSIAN,
            Gate.valueOf(golden.get("gate").textValue().toUpperCase(Locale.ROOT)),
            1,
            1,
            golden.get("normalise_noise").booleanValue());
    PlainChange change =
        PlainGrlu.step(
            rule,
            network,
            rows(golden.get("x")),
            Arrays.stream(Golden.doubles(golden.get("labels"))).mapToInt(x -> (int) x).toArray(),
            golden.get("learning_rate").doubleValue(),
            golden.get("sigma").doubleValue(),
            given(golden.get("noises")),
            given(golden.get("gumbels")));

    JsonNode expected = golden.get("expected");
    assertThat(change.meanReward())
        .isCloseTo(expected.get("mean_reward").doubleValue(), within(REWARD));
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

  private static void pass(JsonNode golden) {
    PlainNetwork network = network(golden);
    NetworkShape shape = network.shape;
    double[][] x = rows(golden.get("x"));
    double[] silent = new double[shape.depth() - 1];
    for (int e = 0; e < x.length; e++) {
      PlainNetwork.Pass pass =
          PlainBackprop.clean(network, x[e], e, (example, p, l) -> new double[shape.units(l)]);
      Golden.assertClose(
          "logits of " + e,
          pass.logits(),
          Golden.doubles(golden.get("expected").get("logits").get(e)),
          ROUNDING);
      for (int l = 0; l < silent.length; l++) {
        silent[l] += (1 - PlainNetwork.mean(pass.passed()[l])) / x.length;
      }
    }
    Golden.assertClose(
        "silent share",
        silent,
        Golden.doubles(golden.get("expected").get("silent_share")),
        ROUNDING);
  }

  static PlainNetwork network(JsonNode golden) {
    PlainNetwork network = new PlainNetwork(new Weights(Golden.shape(golden)));
    for (int l = 0; l < network.shape.depth(); l++) {
      network.weights[l] = rows(golden.get("weights").get(l));
      network.biases[l] = Golden.doubles(golden.get("biases").get(l));
    }
    return network;
  }

  static double[][] rows(JsonNode matrix) {
    return IntStream.range(0, matrix.size())
        .mapToObj(i -> Golden.doubles(matrix.get(i)))
        .toArray(double[][]::new);
  }

  private static PlainNetwork.Draws given(JsonNode draws) {
    return (example, p, l) ->
        draws.isNull() ? new double[0] : Golden.doubles(draws.get(l).get(p).get(example));
  }
}
