package org.grlu.rule;

import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Whole steps in one thread. */
public final class Stepper {
  private final LearningRule rule;
  private final LeafGrid grid;
  private final StepTree tree;
  private final WeightUpdate update;
  private final float[] coefficients;
  private final LeafGrid.Node root;

  /** For steps of one shape, rule and batch size. */
  public Stepper(NetworkShape shape, LearningRule rule, int batch) {
    this.rule = rule;
    this.grid = LeafGrid.of(rule, batch);
    this.tree = new StepTree(shape, rule, grid);
    this.update = new WeightUpdate(shape, rule, grid);
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
    this.coefficients = new float[batch * shape.stride(0)];
  }

  /**
   * One step.
   *
   * @param weights Modified, unless the rewards are not finite
   * @param batch Not modified. As many examples as the constructor was told
   * @return the mean reward; NaN, with the weights left alone, where a pass was not finite
   */
  public double step(
      StepSettings step, Perturbations perturbations, InputBatch batch, Weights weights) {
    tree.begin(weights, batch, 0, perturbations);
    LeafSums sums = tree.sum(root, coefficients);
    if (!Double.isFinite(sums.reward)) {
      return Double.NaN;
    }
    // the small matrices first, while the cache holds them
    update.applyDeeper(step, sums.deeper, weights);
    update.scale(step, coefficients, 0, coefficients.length);
    update.expand(batch, 0, coefficients, root, weights.layer(0));
    return sums.reward / ((double) grid.batch() * rule.rewardsPerExample());
  }
}
