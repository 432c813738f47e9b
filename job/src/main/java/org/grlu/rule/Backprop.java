package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Back-propagation: the exact gradient of the mean reward over the batch, through layer norm and
 * skips, for the same network (Rumelhart, Hinton and Williams, 1986). The baseline. Under top-k the
 * mask, drawn as in GRLU's first perturbation, counts as a constant.
 */
public record Backprop() implements LearningRule {
  /** A pass forward, and one back, which costs about two. */
  @Override
  public int passesPerExample() {
    return 1;
  }

  @Override
  public int rewardsPerExample() {
    return 1;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return learningRate / batch;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new BackpropWorker(shape, grid, Weights::layer, memory);
  }
}
