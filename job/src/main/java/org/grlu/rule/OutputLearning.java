package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/** What the output layer learns where it is not perturbed; see {@link Grlu} for the formulas. */
final class OutputLearning {
  /** Of sigma^2: keeps the ratio finite where no logit moved. */
  private static final float LEAST_POWER = 1e-6f;

  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final int classes;

  /** By pair. */
  private final Floats sum;

  private final Floats power;

  OutputLearning(Grlu rule, NetworkShape shape, Arena memory) {
    this.rule = rule;
    this.classes = shape.units(shape.depth() - 1);
    int lanes = Kernels.padded(rule.perturbations());
    this.sum = memory.of(lanes);
    this.power = memory.of(lanes);
  }

  /**
   * An example's signal.
   *
   * @param logits Not modified. Of the pass without noise, (examples x stride)
   * @param pass Not modified. The example's pairs
   * @param out Modified. The layer's coefficients from {@code at}, (stride)
   */
  void signal(Leaf leaf, int label, Floats logits, PairsPass pass, Floats out, int at) {
    if (rule.outputSignal() == OutputSignal.ERROR) {
      error(logits, at, classes, label, out, at);
    } else {
      measured(leaf.pairs(), leaf.perturbations().deviation(0), pass, out, at);
    }
  }

  /**
   * {@code onehot(label) - softmax(logits)} of a row.
   *
   * @param logits Not modified. The row from {@code at}
   * @param out Modified from {@code outAt}
   */
  static void error(Floats logits, int at, int classes, int label, Floats out, int outAt) {
    Rewards.softmax(logits, at, classes, out, outAt);
    Rewards.error(label, classes, out, outAt);
  }

  /** What is added to |O|^2. */
  static float leastPower(float sigma) {
    return LEAST_POWER * sigma * sigma;
  }

  /** The pass has twice the half difference of the formula: a half and a quarter make up for it. */
  private void measured(int rows, float sigma, PairsPass pass, Floats out, int at) {
    int lanes = Kernels.padded(rows);
    kernels.laneSums(pass.change, classes, lanes, sum, power);
    float floor = leastPower(sigma);
    float share = (float) classes / rows;
    for (int r = 0; r < rows; r++) {
      float d = pass.difference.get(r);
      power.set(r, 0.5f * share * d / (0.25f * power.get(r) + floor));
    }
    kernels.rowProducts(pass.change, classes, lanes, power, rows, out, at);
  }
}
