package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * {@link Backprop} in a network with several kinds of layers. The rule computes the exact gradient
 * of the mean reward over the batch. In a recurrent layer, the gradient goes back through time
 * (Werbos, 1990).
 */
public record MixedBackprop() implements LearningRule {
  /**
   * Returns 1, for the forward pass. The pass back, which costs about two passes, is not counted.
   */
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
  public UpdateForm form(NetworkShape shape, int l) {
    return MixedLearning.form(shape, l);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    MixedLearning learning = new MixedLearning(shape, grid.blockExamples(), memory);
    int last = shape.depth() - 1;
    return new Worker() {
      @Override
      public void prepare(Weights weights) {
        learning.clean.prepareBackward(weights);
      }

      @Override
      public void leaf(Leaf leaf, LeafSums sums) {
        sums.clear(Kernels.best());
        learning.run(leaf);
        for (int r = 0; r < leaf.examples(); r++) {
          float p = learning.error(leaf, r);
          sums.addReward(r, Rewards.of(p));
          float slope = p / (p + Rewards.FLOOR);
          int at = r * shape.stride(last);
          for (int j = at; j < at + shape.units(last); j++) {
            learning.signal[last].set(j, slope * learning.signal[last].get(j));
          }
        }
        if (Double.isFinite(sums.reward)) {
          int rows = leaf.examples();
          learning.clean.backward(leaf.weights(), rows, learning.signal[last], learning.signal);
          learning.learn(rows, sums);
        }
      }
    };
  }
}
