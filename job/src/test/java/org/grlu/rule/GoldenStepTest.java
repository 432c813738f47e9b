package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
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
    JsonNode labels = golden.get("labels");
    int[] labelOf = new int[labels.size()];
    for (int i = 0; i < labelOf.length; i++) {
      labelOf[i] = labels.get(i).intValue();
    }
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
            .step(new StepSettings(0, learningRate, sigma), given(golden), batch, weights);
    weights.fold();

    JsonNode expected = golden.get("expected");
    assertThat(reward).isCloseTo(expected.get("mean_reward").doubleValue(), within(1e-4));
    for (int l = 0; l < shape.depth(); l++) {
      Golden.assertClose(
          "weights of layer " + l,
          difference(weights.published(l), before.published(l)),
          Golden.doubles(expected.get("delta_weights").get(l)));
      Golden.assertClose(
          "biases of layer " + l,
          difference(weights.bias(l), before.bias(l)),
          Golden.doubles(expected.get("delta_biases").get(l)));
    }
  }

  private static float[] difference(float[] after, float[] before) {
    float[] out = new float[after.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = after[i] - before[i];
    }
    return out;
  }

  private static Perturbations given(JsonNode golden) {
    return new Perturbations() {
      @Override
      public float deviation(int layer) {
        throw new IllegalStateException("these rules divide by it at the step's end");
      }

      @Override
      public void signs(int example, int layer, long[] out) {
        throw new IllegalStateException("the noise is given");
      }

      @Override
      public long hadamardRows(int example, int layer) {
        throw new IllegalStateException("the noise is given");
      }

      @Override
      public long ownStream() {
        throw new IllegalStateException("these rules draw nothing else");
      }

      @Override
      public void noise(int example, int first, int rows, int layer, int lanes, Floats out) {
        copy(golden.get("noises"), example, first, rows, layer, lanes, out);
      }

      @Override
      public void gumbels(int example, int first, int rows, int layer, int lanes, Floats out) {
        copy(golden.get("gumbels"), example, first, rows, layer, lanes, out);
      }

      @Override
      public void gumbel(int example, int layer, Floats out, int at) {
        throw new UnsupportedOperationException("for rules without perturbations");
      }
    };
  }

  private static void copy(
      JsonNode from, int example, int first, int rows, int layer, int lanes, Floats out) {
    for (int r = 0; r < rows; r++) {
      float[] row = Golden.floats(from.get(layer).get(first + r).get(example));
      for (int u = 0; u < row.length; u++) {
        out.set(u * lanes + r, row[u]);
      }
    }
  }
}
