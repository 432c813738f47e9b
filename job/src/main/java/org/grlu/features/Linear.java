package org.grlu.features;

import java.util.LinkedHashMap;
import java.util.Map;
import org.grlu.network.ArrayFile;

/**
 * {@code y = f(W x + b)}, f being nothing or the leaky rectifier max(y, 0.1 y). A sum runs over the
 * inputs in their order, all outputs beside each other: vectors, and one result without them.
 */
final class Linear implements Stage {
  static final String NAME = "linear";
  private static final long serialVersionUID = 1;
  private static final float LEAK = 0.1f;

  private final int inputs;
  private final int outputs;
  private final boolean leaky;

  /** W transposed, (inputs x outputs). */
  private final float[] weights;

  private final float[] bias;

  /**
   * @param weights (outputs x inputs), copied
   * @param bias (outputs), copied
   */
  Linear(int inputs, int outputs, boolean leaky, float[] weights, float[] bias) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.leaky = leaky;
    this.weights = new float[inputs * outputs];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        this.weights[i * outputs + j] = weights[j * inputs + i];
      }
    }
    this.bias = bias.clone();
  }

  static Linear read(String[] words, ArrayFile file, String prefix) {
    ArrayFile.Matrix w = file.matrix(prefix + "weights");
    ArrayFile.Matrix b = file.matrix(prefix + "bias");
    Stages.check(
        b.rows() == 1 && b.columns() == w.rows(), prefix + "bias", "must be one row for weights");
    return new Linear(w.columns(), w.rows(), words[1].equals("leaky"), w.values(), b.values());
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
    // rows of weights outermost, so that each is read once for all examples
    for (int i = 0; i < inputs; i++) {
      for (int e = 0; e < count; e++) {
        add(in[e * inputs + i], i * outputs, out, e * outputs);
      }
    }
    for (int e = 0; e < count; e++) {
      finish(out, e * outputs);
    }
  }

  private void add(float x, int from, float[] out, int at) {
    if (x == 0) {
      return;
    }
    for (int j = 0; j < outputs; j++) {
      out[at + j] += x * weights[from + j];
    }
  }

  private void finish(float[] out, int at) {
    for (int j = 0; j < outputs; j++) {
      float y = out[at + j] + bias[j];
      out[at + j] = leaky ? Math.max(y, LEAK * y) : y;
    }
  }

  @Override
  public String line() {
    return NAME + (leaky ? " leaky" : " plain");
  }

  @Override
  public Map<String, ArrayFile.Matrix> arrays() {
    float[] rows = new float[weights.length];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        rows[j * inputs + i] = weights[i * outputs + j];
      }
    }
    Map<String, ArrayFile.Matrix> arrays = new LinkedHashMap<>();
    arrays.put("weights", new ArrayFile.Matrix(outputs, inputs, rows));
    arrays.put("bias", new ArrayFile.Matrix(1, outputs, bias));
    return arrays;
  }
}
