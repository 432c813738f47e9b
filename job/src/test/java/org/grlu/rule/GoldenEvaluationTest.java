package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The unperturbed passes of golden_evaluation.json. */
class GoldenEvaluationTest {

  @TestFactory
  Stream<DynamicTest> passesAgreeWithTheReference() {
    List<JsonNode> cases = Golden.cases("golden_evaluation.json");
    assertThat(cases).hasSize(4);
    return cases.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.get("name").textValue(), () -> pass(golden)));
  }

  private static void pass(JsonNode golden) {
    NetworkShape shape = Golden.shape(golden);
    Weights weights = Golden.weights(golden);
    int rows = golden.get("x").size();
    InputBatch batch = Golden.batch(golden, new int[rows]);
    ForwardPass forward = new ForwardPass(shape, rows, new Arena());
    forward.prepare(weights);
    forward.run(weights, batch, 0, rows, null);

    int units = shape.units(shape.depth() - 1);
    float[] logits = new float[rows * units];
    for (int r = 0; r < rows; r++) {
      for (int u = 0; u < units; u++) {
        logits[r * units + u] = forward.logits().get(r * shape.stride(shape.depth() - 1) + u);
      }
    }
    JsonNode expected = golden.get("expected");
    Golden.assertClose("logits", logits, Golden.doubles(expected.get("logits")));
    double[] silent = Golden.doubles(expected.get("silent_share"));
    for (int l = 0; l < silent.length; l++) {
      double active = 0;
      for (float m : forward.mask(l).toArray()) {
        active += m;
      }
      assertThat(1 - active / (rows * shape.units(l))).isCloseTo(silent[l], within(1e-9));
    }
  }
}
