package org.grlu.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.network.Activation;
import org.grlu.network.Convolution;
import org.grlu.network.Dense;
import org.grlu.network.Extent;
import org.grlu.network.InputNorm;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Pool;
import org.grlu.network.Skip;
import org.grlu.network.Weights;

/**
 * A network as ONNX: from pixels or numbers as a dataset has them to logits, probabilities and the
 * class, layer norm and the scale of pixels among it. The pass is that of evaluation, without noise
 * and Gumbel draws; sums are in another order, so that logits differ in their last bits.
 *
 * <p>Between layers rows are (examples x numbers), the channels of a position together, as {@link
 * Extent} has them.
 */
public final class OnnxModel {
  private static final Map<String, List<Integer>> ROWS = Map.of("axes", List.of(1));

  private final OnnxGraph graph = new OnnxGraph();
  private final NetworkShape shape;
  private final Weights weights;
  private final PixelScale scale;
  private final boolean pixels;

  private OnnxModel(NetworkShape shape, Weights weights, PixelScale scale, boolean pixels) {
    this.shape = shape;
    this.weights = weights;
    this.scale = scale;
    this.pixels = pixels;
  }

  /**
   * Writes a network.
   *
   * @param weights folded
   * @param scale of pixels; of other numbers its norm alone
   * @param pixels whether the input is grey levels from 0 to 255, or else numbers as they are
   * @param version of this program
   * @return the file's bytes
   * @throws ExportException where a layer has no form in ONNX here
   */
  public static byte[] write(
      NetworkShape shape, Weights weights, PixelScale scale, boolean pixels, String version) {
    return new OnnxModel(shape, weights, scale, pixels).bytes(version);
  }

  private byte[] bytes(String version) {
    String input = pixels ? "pixels" : "values";
    int classes = shape.layers().get(shape.depth());
    graph.input(input, shape.layers().get(0));
    graph.output("logits", OnnxGraph.FLOAT, classes);
    graph.output("probabilities", OnnxGraph.FLOAT, classes);
    graph.output("class", OnnxGraph.INT64, 0);
    String logits = shape.isMixed() ? mixed(input) : dense(input);
    graph.named("logits", "Identity", Map.of(), logits);
    graph.named("probabilities", "Softmax", Map.of("axis", 1), "logits");
    graph.named("class", "ArgMax", Map.of("axis", 1, "keepdims", 0), "logits");
    return graph.model(
        "grlu",
        version,
        Map.of("network", shape.widths(), "weights_sha256", weights.sha256(), "input", input));
  }

  /** Layers that each have their activation, and layer norm before those that have weights. */
  private String mixed(String input) {
    String x = first(input);
    for (int l = 0; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      String u = l == 0 || layer.rows() == 0 ? x : norm(x, 1);
      if (layer instanceof Dense) {
        String z = affine(l, u);
        x = shape.hidden(l) ? graph.node("Relu", Map.of(), z) : z;
      } else if (layer instanceof Convolution convolution && convolution.shared()) {
        x = convolution(convolution, u);
      } else if (layer instanceof Pool pool) {
        x = pool(pool, u);
      } else {
        throw new ExportException(
            "layer %d, %s: has no form in ONNX; dense, pool and convolution with shared weights have one"
                .formatted(l, layer.text()));
      }
    }
    return x;
  }

  /** Dense layers alone: with skips, and ReLU or top-k. */
  private String dense(String input) {
    List<String> sources = new ArrayList<>();
    sources.add(shape.skip() == Skip.DENSE ? scaled(input) : input);
    String z = affine(0, first(input));
    for (int l = 1; l < shape.depth(); l++) {
      String x = activated(l - 1, z);
      if (shape.residual(l - 1)) {
        x = graph.node("Add", Map.of(), x, sources.get(l - 1));
      }
      sources.add(x);
      List<String> read = sources.subList(shape.firstSource(l), l + 1);
      String joined =
          read.size() == 1
              ? read.get(0)
              : graph.node("Concat", Map.of("axis", 1), read.toArray(String[]::new));
      z = affine(l, norm(joined, 1));
    }
    return z;
  }

  /** What the first layer reads. */
  private String first(String input) {
    return scale.norm() == InputNorm.NONE
        ? scaled(input)
        : norm(input, pixels ? scale.perLevel() : 1);
  }

  /** Pixels as numbers. */
  private String scaled(String input) {
    if (!pixels) {
      return input;
    }
    String levels = graph.node("Mul", Map.of(), input, graph.number(scale.perLevel()));
    return graph.node("Add", Map.of(), levels, graph.number(scale.base()));
  }

  /**
   * Layer norm of rows times a factor, {@code f (x - mean) / (f std + 1e-8)}: of whole numbers, so
   * that an image of one grey level becomes zero and not what rounding left.
   */
  private String norm(String x, double factor) {
    String centred = graph.node("Sub", Map.of(), x, graph.node("ReduceMean", ROWS, x));
    String squares = graph.node("Mul", Map.of(), centred, centred);
    String deviation = graph.node("Sqrt", Map.of(), graph.node("ReduceMean", ROWS, squares));
    String f = graph.number(factor);
    String divisor =
        graph.node("Add", Map.of(), graph.node("Mul", Map.of(), deviation, f), graph.number(1e-8));
    return graph.node("Div", Map.of(), graph.node("Mul", Map.of(), centred, f), divisor);
  }

  /** {@code W u + b}. */
  private String affine(int l, String u) {
    float[] bias = weights.bias(l);
    float[] matrix = weights.published(l);
    String w = graph.array("W" + l, matrix, bias.length, matrix.length / bias.length);
    String b = graph.array("b" + l, bias, bias.length);
    return graph.node("Gemm", Map.of("transB", 1), u, w, b);
  }

  private String activated(int l, String z) {
    if (shape.activation() == Activation.RELU) {
      return graph.node("Relu", Map.of(), z);
    }
    // those that reach the smallest of the k largest: ties with it are kept
    String largest = graph.largest(z, shape.kept(l));
    String least = graph.node("ReduceMin", ROWS, largest);
    String kept = graph.node("GreaterOrEqual", Map.of(), z, least);
    String mask = graph.node("Cast", Map.of("to", OnnxGraph.FLOAT), kept);
    return graph.node("Mul", Map.of(), z, mask);
  }

  private String convolution(Convolution layer, String u) {
    int l = layer.index();
    int size = layer.size();
    int pad = layer.padding();
    String w =
        graph.array(
            "W" + l, weights.published(l), layer.channels(), layer.reads().channels(), size, size);
    String b = graph.array("b" + l, weights.bias(l), layer.channels());
    Map<String, ?> form =
        Map.of(
            "kernel_shape",
            List.of(size, size),
            "strides",
            List.of(layer.stepSize(), layer.stepSize()),
            "pads",
            List.of(pad, pad, pad, pad));
    String z = graph.node("Conv", form, map(layer.reads(), u), w, b);
    return rows(layer.puts(), graph.node("Relu", Map.of(), z));
  }

  private String pool(Pool layer, String u) {
    List<Integer> square = List.of(layer.size(), layer.size());
    Map<String, ?> form = Map.of("kernel_shape", square, "strides", square);
    return rows(layer.puts(), graph.node("AveragePool", form, map(layer.reads(), u)));
  }

  /** Rows as maps, channels first. */
  private String map(Extent extent, String rows) {
    String list = graph.list(-1, extent.height(), extent.width(), extent.channels());
    String last = graph.node("Reshape", Map.of(), rows, list);
    return graph.node("Transpose", Map.of("perm", List.of(0, 3, 1, 2)), last);
  }

  private String rows(Extent extent, String map) {
    String last = graph.node("Transpose", Map.of("perm", List.of(0, 2, 3, 1)), map);
    return graph.node("Reshape", Map.of(), last, graph.list(-1, extent.numbers()));
  }
}
