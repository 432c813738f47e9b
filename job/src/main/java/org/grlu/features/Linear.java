package org.grlu.features;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ArrayFile;

/**
 * {@code y = f(W x + b)}, where f is nothing, the rectifier max(y, 0) or the leaky one max(y, 0.1
 * y). A sum starts from the bias and runs over the inputs in their order, by fused multiply-adds.
 */
final class Linear implements Stage {
  static final String NAME = "linear";
  private static final long serialVersionUID = 1;
  private static final float LEAK = 0.1f;

  /** Outputs whose weights lie together: so many rows of weights stay in a cache. */
  private static final int PANEL = 64;

  /** What is done to the sums. */
  enum Shape {
    PLAIN(1),
    RECTIFIED(0),
    LEAKY(LEAK);

    private final float slope;

    Shape(float slope) {
      this.slope = slope;
    }

    /** {@code max(y, slope y)} in place, for y from {@code at}. */
    void apply(float[] y, int at, int n) {
      if (this == PLAIN) {
        return;
      }
      for (int i = at; i < at + n; i++) {
        y[i] = Math.max(y[i], slope * y[i]);
      }
    }

    /** {@code d = d f'(y)} in place; y is what f has put out. */
    void derive(float[] y, float[] d) {
      if (this == PLAIN) {
        return;
      }
      for (int i = 0; i < d.length; i++) {
        d[i] *= y[i] > 0 ? 1 : slope;
      }
    }
  }

  private final int inputs;
  private final int outputs;
  private final Shape shape;

  /** W transposed, {@value #PANEL} outputs after another: panels of (inputs x their width). */
  private final float[] panels;

  /** Padded. */
  private final float[] bias;

  /**
   * @param weights (outputs x inputs), copied
   * @param bias (outputs), copied
   */
  Linear(int inputs, int outputs, Shape shape, float[] weights, float[] bias) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.shape = shape;
    this.panels = new float[inputs * Kernels.padded(outputs)];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        panels[place(i, j)] = weights[j * inputs + i];
      }
    }
    this.bias = Arrays.copyOf(bias, Kernels.padded(outputs));
  }

  static Linear read(String[] words, ArrayFile file, String prefix) {
    ArrayFile.Matrix w = file.matrix(prefix + "weights");
    ArrayFile.Matrix b = file.matrix(prefix + "bias");
    Stages.check(
        b.rows() == 1 && b.columns() == w.rows(), prefix + "bias", "must be one row for weights");
    Shape shape = Shape.valueOf(words[1].toUpperCase(Locale.ROOT));
    return new Linear(w.columns(), w.rows(), shape, w.values(), b.values());
  }

  /** Where the weight of an input and an output lies. */
  private int place(int i, int j) {
    int from = j / PANEL * PANEL;
    return from * inputs + i * width(from) + j - from;
  }

  /** The width of the panel that starts with output {@code from}. */
  private int width(int from) {
    return Math.min(PANEL, Kernels.padded(outputs) - from);
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public void apply(int count, float[] in, float[] out) {
    Kernels kernels = Kernels.best();
    int stride = bias.length;
    float[] sums = stride == outputs ? out : new float[count * stride];
    for (int e = 0; e < count; e++) {
      System.arraycopy(bias, 0, sums, e * stride, stride);
    }
    Floats x = Floats.over(in);
    Floats w = Floats.over(panels);
    Floats y = Floats.over(sums);
    for (int at = 0; at < stride; at += PANEL) {
      int width = width(at);
      kernels.multiplyAdd(
          count, width, inputs, x, 0, inputs, 1, w, at * inputs, width, y, at, stride);
    }
    shape.apply(sums, 0, count * stride);
    if (sums != out) {
      for (int e = 0; e < count; e++) {
        System.arraycopy(sums, e * stride, out, e * outputs, outputs);
      }
    }
  }

  @Override
  public String line() {
    return NAME + " " + shape.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Map<String, ArrayFile.Matrix> arrays() {
    float[] rows = new float[inputs * outputs];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        rows[j * inputs + i] = panels[place(i, j)];
      }
    }
    Map<String, ArrayFile.Matrix> arrays = new LinkedHashMap<>();
    arrays.put("weights", new ArrayFile.Matrix(outputs, inputs, rows));
    arrays.put("bias", new ArrayFile.Matrix(1, outputs, Arrays.copyOf(bias, outputs)));
    return arrays;
  }
}
