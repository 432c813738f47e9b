package org.grlu.bench;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.rule.Leaf;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.LeafSums;
import org.grlu.rule.LearningRule;

/** A rule that computes nothing: what a step costs beside the computing. */
record IdleRule() implements LearningRule {
  @Override
  public int passesPerExample() {
    return 0;
  }

  @Override
  public int rewardsPerExample() {
    return 1;
  }

  @Override
  public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
    return 0;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new Worker() {
      @Override
      public void prepare(Weights weights) {}

      @Override
      public void leaf(Leaf leaf, LeafSums sums) {}
    };
  }
}
