package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Computes {@link Grlu} as published, on a block of perturbations of one example at a time. The
 * mean input of a pair is {@code A s + B h - C}. A and B are half the sum and half the difference
 * of the members' layer norm scales. C is half the sum of their mean x scale.
 */
final class GrluWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final PairsPass pass;
  private final PairUpdate update;

  GrluWorker(Grlu rule, NetworkShape shape, LeafGrid grid, Arena memory) {
    this.shape = shape;
    this.pass = new PairsPass(rule, shape, grid, memory);
    this.update = new PairUpdate(shape, grid, pass.sources, true, memory);
  }

  @Override
  public void prepare(Weights weights) {
    pass.prepare(weights);
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    for (int example = leaf.fromExample(); example < leaf.toExample(); example++) {
      sums.addReward(example - leaf.fromExample(), pass.run(leaf, example, null));
      learn(example - leaf.fromExample(), leaf.pairs(), sums);
    }
  }

  private void learn(int inBlock, int rows, LeafSums sums) {
    int lanes = Kernels.padded(rows);
    Floats difference = pass.difference;
    for (int l = 0; l < shape.depth(); l++) {
      DensePairs layer = pass.layers[l];
      if (!layer.sharesProduct() && shape.learns(l)) {
        update.factors(lanes, layer);
        update.add(l, rows, lanes, layer.noise, difference, sums.matrix(l));
      }
    }
    for (int l = 0; l < shape.depth(); l++) {
      DensePairs layer = pass.layers[l];
      if (layer.sharesProduct()) {
        int at = inBlock * shape.stride(l);
        update.coefficients(l, rows, lanes, layer.noise, difference, sums, at);
      }
    }
  }
}
