package org.grlu.features;

import java.util.Map;
import org.grlu.network.ArrayFile;

/**
 * Layer norm of each code: {@code y = (x - mean(x)) / (std(x) + 1e-8)}, so that |y|^2 = d. A plain
 * class, since Kryo can't make records.
 */
final class Norm implements Stage {
  private static final long serialVersionUID = 1;
  static final String NAME = "norm";
  private static final double EPSILON = 1e-8;

  private final int inputs;

  Norm(int inputs) {
    this.inputs = inputs;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public void apply(int count, float[] in, float[] out) {
    for (int at = 0; at < count * inputs; at += inputs) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        sum += in[at + i];
      }
      double mean = sum / inputs;
      double squares = 0;
      for (int i = 0; i < inputs; i++) {
        double x = in[at + i] - mean;
        squares += x * x;
      }
      double factor = 1 / (Math.sqrt(squares / inputs) + EPSILON);
      for (int i = 0; i < inputs; i++) {
        out[at + i] = (float) ((in[at + i] - mean) * factor);
      }
    }
  }

  @Override
  public String line() {
    return NAME + " " + inputs;
  }

  @Override
  public Map<String, ArrayFile.Matrix> arrays() {
    return Map.of();
  }
}
