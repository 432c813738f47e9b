package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A rule for networks without hidden layers that learns from one example at a time, whatever it
 * keeps being {@link org.grlu.network.State}: the step's update does all of it, and its leaf
 * nothing. Those that work on no reward report 0.
 *
 * <p>x is an example as the first layer reads it, y its label, d the number of inputs.
 */
interface Readout extends LearningRule {
  /** The score of a class that no example had: below what any other can have. */
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

  /** Leaves all to the update. */
  final class IdleWorker implements Worker {
    private final Kernels kernels = Kernels.best();

    @Override
    public void prepare(Weights weights) {
      // nothing is read
    }

    @Override
    public void leaf(Leaf leaf, LeafSums sums) {
      sums.clear(kernels);
    }
  }
}
