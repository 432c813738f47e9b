package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * Computes the output layer's signal in rules that do not perturb it. {@link Grlu} has the
 * formulas.
 */
final class OutputLearning {
  /**
   * The share of sigma^2 that is added to |O|^2. It keeps the ratio finite if the noise changed no
   * logit.
   */
  private static final float LEAST_POWER = 1e-6f;

  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final int classes;

  /** The sums of the logits' changes, by pair. */
  private final Floats sum;

  /** The squares of the logits' changes, then the factors of the pairs, by pair. */
  private final Floats power;

  OutputLearning(Grlu rule, NetworkShape shape, Arena memory) {
    this.rule = rule;
    this.classes = shape.units(shape.depth() - 1);
    int lanes = Kernels.padded(rule.perturbations());
    this.sum = memory.of(lanes);
    this.power = memory.of(lanes);
  }

  /**
   * Computes an example's signal.
   *
   * @param logits Not modified. The logits of the pass without noise, (examples x stride)
   * @param pass Not modified. The passes of the example's pairs
   * @param out Modified from {@code at}: the layer's coefficients, (stride)
   * @param at where the example's row starts in {@code logits} and in {@code out}
   */
  void signal(Leaf leaf, int label, Floats logits, PairsPass pass, Floats out, int at) {
    if (rule.outputSignal() == OutputSignal.ERROR) {
      error(logits, at, classes, label, out, at);
    } else {
      measured(leaf.pairs(), leaf.perturbations().deviation(0), pass, out, at);
    }
  }

  /**
   * Computes {@code onehot(label) - softmax(logits)} of a row.
   *
   * @param logits Not modified. The row starts at {@code at}
   * @param out Modified from {@code outAt}: the error, (classes)
   */
  static void error(Floats logits, int at, int classes, int label, Floats out, int outAt) {
    Rewards.softmax(logits, at, classes, out, outAt);
    Rewards.error(label, classes, out, outAt);
  }

  /** Returns the number that is added to |O|^2. */
  static float leastPower(float sigma) {
    return LEAST_POWER * sigma * sigma;
  }

  /**
   * Computes the measured signal. The pass has the whole difference of the logits, where the
   * formula has half of it. The factors 0.5 and 0.25 account for that.
   */
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
