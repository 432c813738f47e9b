package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A rule for networks without hidden layers that learns from one example at a time. All that it
 * learns is in its {@link org.grlu.network.State} or the weights. The update of a step does the
 * whole work. A leaf computes nothing but the reward that is reported. A rule without rewards
 * reports 0.
 *
 * <p>In the formulas, x is an example as the first layer reads it, y is its label, and d is the
 * number of inputs.
 */
interface Readout extends LearningRule {
  /** The score of a class without examples. It is below all scores of other classes. */
  float UNSEEN = -1e30f;

  @Override
  default int passesPerExample() {
    return 1;
  }

  @Override
  default int rewardsPerExample() {
    return 1;
  }

  @Override
  default double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return learningRate;
  }

  @Override
  default UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.NONE;
  }

  @Override
  default Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new IdleWorker();
  }

  /** A worker that computes nothing, because the update does the whole work. */
  final class IdleWorker implements Worker {
    private final Kernels kernels = Kernels.best();

    @Override
    public void prepare(Weights weights) {
      // a leaf reads no weights
    }

    @Override
    public void leaf(Leaf leaf, LeafSums sums) {
      sums.clear(kernels);
    }
  }
}
