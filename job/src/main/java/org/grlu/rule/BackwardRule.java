package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;

/**
 * Rules that send the reward's gradient back through all layers, layer norm and skips included, and
 * differ by what it is multiplied with in place of a layer's weights. The mean over the batch.
 */
interface BackwardRule extends LearningRule {
  /**
   * What the gradient is multiplied with on its way back; for one thread.
   *
   * @param memory for its buffers
   */
  Backward backward(NetworkShape shape, Arena memory);

  /** A pass forward, and one back, which costs about two. */
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
    return learningRate / batch;
  }

  @Override
  default Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new BackpropWorker(shape, grid, backward(shape, memory), memory);
  }
}
