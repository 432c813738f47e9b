package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * Computes what {@link ComparingWorker} does with one antithetic pair for each example, in rows of
 * units. It serves the forms in which each layer's update is one vector times its input.
 */
final class OnePairComparingWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final Grlu rule;
  private final NetworkShape shape;
  private final int last;
  private final ForwardPass clean;
  private final OnePairPass pass;

  OnePairComparingWorker(Grlu rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.rule = rule;
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.clean = new ForwardPass(shape, grid.blockExamples(), memory);
    this.pass =
        new OnePairPass(shape, rule.gate(), l -> rule.perturbs(shape, l), Scope.ALL, clean, memory);
  }

  /** Returns whether the rule has such a form in this network. */
  static boolean does(Grlu rule, NetworkShape shape) {
    boolean vectors = rule.perturbations() == 1 && rule.noise() != NoiseKind.SHAPED;
    for (int l = 0; l < shape.depth(); l++) {
      vectors &= rule.form(shape, l) == UpdateForm.COEFFICIENTS;
    }
    return vectors && rule.outputSignal() != OutputSignal.NOISE;
  }

  @Override
  public void prepare(Weights weights) {
    clean.prepare(weights);
  }

  @Override
  public ForwardPass clean() {
    return clean;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    leaf.run(clean, shape);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      int row = example - leaf.fromExample();
      sums.addReward(row, pass.run(leaf, example, 0));
      for (int l = 0; l < last; l++) {
        hidden(l, sums.coefficients(l), row * shape.stride(l));
      }
      int label = leaf.batch().label(leaf.inBatch(example));
      output(leaf, label, sums.coefficients(last), row * shape.stride(last));
    }
  }

  /** Computes hidden layer l's vector from its noise or from the measured change of its output. */
  private void hidden(int l, Floats out, int at) {
    float d = pass.difference();
    int n = shape.stride(l);
    if (rule.eligibility() == Eligibility.INJECTED) {
      kernels.addScaled(d, pass.noise[l], 0, out, at, n);
      return;
    }
    Floats mask = clean.mask(l);
    float count = l == 0 ? ComparingWorker.active(mask, at, n) : shape.units(l);
    float factor = d * (count / (pass.power(l + 1) + ComparingWorker.LEAST_POWER));
    Floats change = pass.h[l + 1];
    for (int u = 0; u < n; u++) {
      out.set(at + u, change.get(u) * mask.get(at + u) * factor);
    }
  }

  private void output(Leaf leaf, int label, Floats out, int at) {
    int classes = shape.units(last);
    if (rule.outputSignal() == OutputSignal.ERROR) {
      OutputLearning.error(clean.logits(), at, classes, label, out, at);
      return;
    }
    float power = 0;
    for (int j = 0; j < classes; j++) {
      float change = 0.5f * (pass.plus().get(j) - pass.minus().get(j));
      out.set(at + j, change);
      power = Math.fma(change, change, power);
    }
    float factor =
        classes
            * pass.difference()
            / (power + OutputLearning.leastPower(leaf.perturbations().deviation(0)));
    for (int j = 0; j < classes; j++) {
      out.set(at + j, out.get(at + j) * factor);
    }
  }
}
