package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Computes {@link Grlu} as published with one antithetic pair for each example. Lanes of
 * perturbations would be idle except for one, so units run along the lanes. The update is the outer
 * product of the eligibility and the pair's mean input, {@code u = A s + B h - C}, as in {@link
 * GrluWorker}.
 */
final class OnePairWorker implements LearningRule.Worker {
  private static final int LANES = Kernels.LANES;

  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final OnePairPass pass;
  private final int last;
  private final int[] stride;
  private final int[] inputs;
  private final boolean[] readsImages;

  /** Noise x reward difference of one layer, (stride). */
  private final Floats eligibility;

  /** The pair's mean input from one source, (widest). */
  private final Floats meanInput;

  /** The factors A, B and C of the mean input, each a row of lanes. */
  private final Floats factorA;

  private final Floats factorB;
  private final Floats factorC;

  OnePairWorker(Grlu rule, NetworkShape shape, Arena memory) {
    this.shape = shape;
    int depth = shape.depth();
    this.last = depth - 1;
    pass = new OnePairPass(shape, rule.gate(), l -> true, rule.scope(), null, memory);
    stride = new int[depth];
    inputs = new int[depth];
    readsImages = new boolean[depth];
    int widest = LANES;
    for (int l = 0; l < depth; l++) {
      stride[l] = shape.stride(l);
      inputs[l] = shape.inputs(l);
      readsImages[l] = shape.layer(l).readsImages();
      widest = Math.max(widest, Math.max(stride[l], Kernels.padded(shape.layers().get(l))));
    }
    factorA = memory.of(LANES);
    factorB = memory.of(LANES);
    factorC = memory.of(LANES);
    eligibility = memory.of(widest);
    meanInput = memory.of(widest);
  }

  @Override
  public void prepare(Weights weights) {
    // the product computes the sums over weights too
  }

  @Override
  public boolean addsScaled() {
    return true;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      double reward = pass.run(leaf, example, leaf.fromPerturbation());
      sums.addReward(example - leaf.fromExample(), reward);
      // a step with such a reward changes nothing, and the sums may be the weights themselves
      if (Double.isFinite(reward)) {
        learn(example - leaf.fromExample(), pass.difference(), sums);
      }
    }
  }

  private void learn(int inBlock, float difference, LeafSums sums) {
    for (int l = 0; l <= last; l++) {
      if (!shape.learns(l)) {
        continue;
      }
      Floats noise = pass.noise[l];
      if (readsImages[l]) {
        Floats coefficients = sums.coefficients(l);
        int at = inBlock * stride[l];
        for (int u = 0; u < stride[l]; u++) {
          coefficients.set(at + u, noise.get(u) * difference);
        }
      } else {
        for (int u = 0; u < stride[l]; u++) {
          eligibility.set(u, noise.get(u) * difference);
        }
        learn(l, sums.matrix(l), sums.scale(l));
      }
    }
  }

  private void learn(int l, Floats matrix, float factor) {
    int n = stride[l];
    kernels.addScaled(factor, eligibility, 0, matrix, inputs[l] * n, n);
    float p = pass.scale[l].get(OnePairPass.PLUS);
    float m = pass.scale[l].get(OnePairPass.MINUS);
    factorA.fill(0, LANES, 0.5f * (p + m));
    factorB.fill(0, LANES, 0.5f * (p - m));
    float c = pass.mean[l].get(OnePairPass.PLUS) * p + pass.mean[l].get(OnePairPass.MINUS) * m;
    factorC.fill(0, LANES, 0.5f * c);
    int from = 0;
    for (int i = shape.firstSource(l); i <= l; i++) {
      int width = shape.layers().get(i);
      Floats s = pass.s[i];
      int vectors = s.length() / LANES;
      kernels.combine(factorA, s, factorB, pass.h[i], factorC, vectors, LANES, meanInput);
      kernels.addOuter(factor, meanInput, width, eligibility, n, matrix, from * n);
      from += width;
    }
  }
}
