package org.grlu.training;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/**
 * Protects large weights: the larger a weight is, the less a step shrinks it. Where a step's change
 * dw and the weight w have opposite signs, only
 *
 * <pre>
 *   dw exp(-m |w|)
 * </pre>
 *
 * <p>of the change is kept (after Laborieux, Ernoult, Hirtzlin and Querlioz, "Synaptic
 * metaplasticity in binarized neural networks", 2021, whose factor is {@code 1 - tanh(m w)^2}).
 * Biases count as weights.
 */
final class Metaplasticity implements Consolidation {
  private final Kernels kernels = Kernels.best();
  private final float m;

  /** The weights before the step. */
  private final Weights old;

  private final EachRow rows;

  // scratch memory for one row
  private final Floats weight;
  private final Floats sign;

  /**
   * @param m the strength, at least 0
   */
  Metaplasticity(NetworkShape shape, double m) {
    this.m = (float) m;
    this.old = new Weights(shape);
    this.rows = new EachRow(shape, this::slow);
    int widest = 0;
    for (int l = 0; l < shape.depth(); l++) {
      widest = Math.max(widest, shape.stride(l));
    }
    this.weight = Floats.of(widest);
    this.sign = Floats.of(widest);
  }

  /** Copies the weights. They are folded, because the last step has left them so. */
  @Override
  public void before(Weights weights) {
    old.copy(weights);
  }

  @Override
  public void after(int epoch, StepSettings step, Weights weights) {
    rows.of(weights);
  }

  /**
   * Reduces the changes of one row. Of a change against the weight's sign the share {@code 1 -
   * exp(-2 y) = 2 t / (1 + t)} is taken back, with {@code t = tanh(y)} and {@code y = m |w| / 2}.
   */
  private void slow(int l, Floats w, int at, int n) {
    weight.copy(old.layer(l), at, 0, n);
    kernels.signs(weight, 1f, sign, n);
    float[] t = weight.array();
    float half = 0.5f * m;
    for (int i = 0; i < n; i++) {
      t[i] = half * Math.abs(t[i]);
    }
    kernels.tanh(weight, 0, n);
    float[] s = sign.array();
    float[] x = w.array();
    float[] b = old.layer(l).array();
    int from = w.at() + at;
    int before = old.layer(l).at() + at;
    for (int i = 0; i < n; i++) {
      float along = s[i] * (x[from + i] - b[before + i]);
      float back = s[i] * Math.min(along, 0f);
      x[from + i] -= back * (2f * t[i] / (1f + t[i]));
    }
  }
}
