package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Functions;

/** Computes the global reward, {@code log(softmax(logits)[label] + 1e-10)}. */
public final class Rewards {
  /** The number that keeps the logarithm finite if the probability of the right label is 0. */
  static final float FLOOR = 1e-10f;

  private Rewards() {}

  /**
   * Computes the softmax of one row.
   *
   * @param logits Not modified. The row starts at {@code at}
   * @param classes the number of logits in the row
   * @param out Modified. The row starts at {@code outAt}
   */
  public static void softmax(Floats logits, int at, int classes, Floats out, int outAt) {
    float max = logits.get(at);
    for (int j = 1; j < classes; j++) {
      max = Math.max(max, logits.get(at + j));
    }
    float total = 0;
    for (int j = 0; j < classes; j++) {
      float e = Functions.exp(logits.get(at + j) - max);
      out.set(outAt + j, e);
      total += e;
    }
    for (int j = 0; j < classes; j++) {
      out.set(outAt + j, out.get(outAt + j) / total);
    }
  }

  /**
   * Computes the error {@code onehot(label) - softmax} of one row.
   *
   * @param x Modified from {@code at}. It holds the softmax before the call and the error after it
   */
  static void error(int label, int classes, Floats x, int at) {
    for (int j = at; j < at + classes; j++) {
      x.set(j, (j == at + label ? 1f : 0f) - x.get(j));
    }
  }

  /**
   * Returns {@code log(probability + 1e-10)}, or NaN if the probability is not finite.
   *
   * @param probability the softmax at the label
   */
  static double of(float probability) {
    return Float.isFinite(probability) ? Functions.log(probability + FLOOR) : Double.NaN;
  }

  /**
   * Returns the reward of the {@code units} logits from {@code at}, or NaN if their softmax is not
   * finite.
   *
   * @param logits Modified. The logits become their softmax
   */
  static float of(Floats logits, int at, int units, int label) {
    softmax(logits, at, units, logits, at);
    return (float) of(logits.get(at + label));
  }
}
