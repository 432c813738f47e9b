package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/**
 * Computes {@link Evolution} with independent noise on each weight. The two networks of a pair are
 * computed once for a leaf, and all examples of the leaf run through both.
 */
final class FullNoiseWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final ForwardPass pass;
  private final WeightNoise noise;
  private final Weights member;

  FullNoiseWorker(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.shape = shape;
    this.pass = new ForwardPass(shape, grid.blockExamples(), memory);
    this.noise = new WeightNoise(shape, memory);
    this.member = new Weights(shape);
  }

  /** Returns the key of a pair's noise. */
  static long key(Perturbations perturbations, int pair) {
    return StreamKey.child(perturbations.ownStream(), pair);
  }

  @Override
  public void prepare(Weights weights) {
    // each pair has networks of its own
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    ForwardPass.GumbelSource gumbel = leaf.gumbel(shape);
    for (int p = leaf.fromPerturbation(); p < leaf.toPerturbation(); p++) {
      noise.draw(key(leaf.perturbations(), p));
      run(leaf, p, 0, gumbel, sums);
      run(leaf, p, 1, gumbel, sums);
    }
  }

  private void run(Leaf leaf, int pair, int sign, ForwardPass.GumbelSource gumbel, LeafSums sums) {
    int last = shape.depth() - 1;
    for (int l = 0; l <= last; l++) {
      float sigma = leaf.perturbations().deviation(l);
      noise.perturb(leaf.weights(), l, sign == 0 ? sigma : -sigma, member);
    }
    pass.prepare(member);
    int from = leaf.inBatch(leaf.fromExample());
    pass.run(member, leaf.batch(), from, from + leaf.examples(), gumbel);
    for (int r = 0; r < leaf.examples(); r++) {
      int label = leaf.batch().label(from + r);
      double reward = Rewards.of(pass.logits(), r * shape.stride(last), shape.units(last), label);
      sums.ofPerturbations()[2 * pair + sign] += reward;
      sums.addReward(r, reward);
    }
  }
}
