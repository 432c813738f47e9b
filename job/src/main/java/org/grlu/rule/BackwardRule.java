package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;

/**
 * A rule that sends the reward's gradient back through all layers, through layer norm and skip
 * connections. The rules differ in the matrix that multiplies the gradient in place of a layer's
 * weights. The update is the mean over the batch.
 */
interface BackwardRule extends LearningRule {
  /**
   * Returns a new source, for one thread, of the matrices that multiply the gradient on its way
   * back.
   *
   * @param memory where the source allocates its buffers
   */
  Backward backward(NetworkShape shape, Arena memory);

  /**
   * Returns 1, for the forward pass. The pass back, which costs about two passes, is not counted.
   */
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
