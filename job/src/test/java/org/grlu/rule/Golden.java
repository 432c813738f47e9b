package org.grlu.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.grlu.network.Activation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/** Reads the worked cases and compares arrays with them. */
final class Golden {
  private Golden() {}

  static List<JsonNode> cases(String file) {
    try (InputStream in = Golden.class.getResourceAsStream(file)) {
      List<JsonNode> cases = new ArrayList<>();
      new ObjectMapper().readTree(in).forEach(cases::add);
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NetworkShape shape(JsonNode golden) {
    List<Integer> layers = new ArrayList<>();
    golden.get("sizes").forEach(n -> layers.add(n.intValue()));
    boolean topK = golden.hasNonNull("k");
    return new NetworkShape(
        layers,
        topK ? Activation.TOP_K : Activation.RELU,
        topK ? golden.get("k").doubleValue() : 0.5,
        Skip.valueOf(golden.get("skip").textValue().toUpperCase(java.util.Locale.ROOT)));
  }

  static Weights weights(JsonNode golden) {
    Weights weights = new Weights(shape(golden));
    for (int l = 0; l < weights.shape().depth(); l++) {
      weights.set(l, floats(golden.get("weights").get(l)), floats(golden.get("biases").get(l)));
    }
    return weights;
  }

  static int[] labels(JsonNode golden) {
    int[] labels = new int[golden.get("labels").size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = golden.get("labels").get(i).intValue();
    }
    return labels;
  }

  static float[] difference(float[] after, float[] before) {
    float[] out = new float[after.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = after[i] - before[i];
    }
    return out;
  }

  static InputBatch batch(JsonNode golden, int[] labels) {
    JsonNode x = golden.get("x");
    float[][] rows = new float[x.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = floats(x.get(i));
    }
    InputBatch batch = new InputBatch(shape(golden), PixelScale.MNIST);
    batch.load(rows, labels);
    return batch;
  }

  /** All numbers below a node, in order. */
  static float[] floats(JsonNode node) {
    double[] values = doubles(node);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  static double[] doubles(JsonNode node) {
    List<Double> out = new ArrayList<>();
    collect(node, out);
    return out.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(JsonNode node, List<Double> out) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, out));
    } else {
      out.add(node.doubleValue());
    }
  }

  /** The largest error is at most 1e-4 of the largest magnitude. */
  static void assertClose(String what, float[] actual, double[] expected) {
    double[] wide = new double[actual.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = actual[i];
    }
    assertClose(what, wide, expected, 1e-4);
  }

  /** The largest error is at most a share of the largest magnitude. */
  static void assertClose(String what, double[] actual, double[] expected, double share) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double difference = Math.abs(actual[i] - expected[i]);
      error = Double.isNaN(difference) ? Double.NaN : Math.max(error, difference);
    }
    assertThat(error).as(what + ", of magnitude " + largest).isLessThanOrEqualTo(share * largest);
  }
}
