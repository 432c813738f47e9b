package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Functions;

/** The global reward, {@code log(softmax(logits)[label] + FLOOR)}. */
public final class Rewards {
  /** Keeps the logarithm finite where the right label has no probability at all. */
  static final float FLOOR = 1e-10f;

  private Rewards() {}

  /**
   * The softmax of a row.
   *
   * @param logits Not modified. The row from {@code at}
   * @param out Modified from {@code outAt}, {@code classes} of them
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
   * {@code onehot(label) - softmax} of a row.
   *
   * @param x Modified from {@code at}: the softmax, which becomes the error
   */
  static void error(int label, int classes, Floats x, int at) {
    for (int j = at; j < at + classes; j++) {
      x.set(j, (j == at + label ? 1f : 0f) - x.get(j));
    }
  }

  /** The reward, by the label's probability; NaN where that is not finite. */
  static double of(float probability) {
    return Float.isFinite(probability) ? Functions.log(probability + FLOOR) : Double.NaN;
  }

  /**
   * The reward of logits from {@code at}; NaN where they are not finite.
   *
   * @param logits Modified: becomes their softmax
   */
  static float of(Floats logits, int at, int units, int label) {
    softmax(logits, at, units, logits, at);
    return (float) of(logits.get(at + label));
  }
}
