package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.StreamKey;

/** Computes {@link WeightPerturbation} on a block of examples, one pair after the other. */
final class WeightPerturbationWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final ForwardPass pass;
  private final WeightNoise noise;

  /**
   * The perturbed network. In its first layer, only the rows that the current example reads are
   * valid.
   */
  private final Weights member;

  WeightPerturbationWorker(NetworkShape shape, Arena memory) {
    this.shape = shape;
    this.pass = new ForwardPass(shape, 1, memory);
    this.noise = new WeightNoise(shape, memory);
    this.member = new Weights(shape);
  }

  /** Returns the key of the noise of an example's pair. */
  static long key(Perturbations perturbations, int example, int pair) {
    return StreamKey.child(StreamKey.child(perturbations.ownStream(), example), pair);
  }

  @Override
  public void prepare(Weights weights) {
    // each pair has networks of its own
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    ForwardPass.GumbelSource gumbel = leaf.gumbel(shape);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      for (int p = leaf.fromPerturbation(); p < leaf.toPerturbation(); p++) {
        noise.draw(key(leaf.perturbations(), example, p));
        float plus = run(leaf, example, 1f, gumbel);
        float minus = run(leaf, example, -1f, gumbel);
        sums.addReward(example - leaf.fromExample(), (double) plus + minus);
        float difference = (plus - minus) * 0.5f;
        for (int l = 0; l < shape.depth(); l++) {
          kernels.addScaled(difference, noise.of(l), 0, sums.matrix(l), 0, noise.of(l).length());
        }
      }
    }
  }

  /** Returns one member's reward. */
  private float run(Leaf leaf, int example, float sign, ForwardPass.GumbelSource gumbel) {
    Weights weights = leaf.weights();
    InputBatch batch = leaf.batch();
    int e = leaf.inBatch(example);
    // the row of the pixels' sum precedes the rows that an update changes; the constant and the sum
    // of values follow them
    int from = batch.updateFrom(e) - 1;
    int to = batch.updateTo(e) - 2;
    float sigma = sign * leaf.perturbations().deviation(0);
    noise.perturbRows(weights, batch.index(), from, to, sigma, member);
    int last = shape.depth() - 1;
    for (int l = 1; l <= last; l++) {
      noise.perturb(weights, l, sign * leaf.perturbations().deviation(l), member);
    }
    pass.prepare(member);
    pass.run(member, batch, e, e + 1, gumbel);
    return Rewards.of(pass.logits(), 0, shape.units(last), batch.label(e));
  }
}
