package org.grlu.rule;

import java.io.Serializable;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;

/**
 * A rule that turns examples into a change of weights. What it computes is a sum over the leaves of
 * a {@link LeafGrid}; engines decide where each leaf is computed.
 */
public interface LearningRule extends Serializable {
  /** The distribution of the noise that the rule asks for. */
  NoiseKind noise();

  /** The factor on sigma for hidden neurons; 0 for a rule without noise. */
  double hiddenNoise();

  /** The factor on sigma for output neurons; 0 for a rule without noise. */
  double outputNoise();

  /** Columns of the grid: how many perturbations each example gets; 1 for a rule without any. */
  int perturbations();

  /** Passes through the network that the rule's definition makes for one example. */
  int passesPerExample();

  /** Rewards that one example adds to {@link LeafSums}. */
  int rewardsPerExample();

  /**
   * What the sums are multiplied by before they are added to layer {@code l}'s weights.
   *
   * @param learningRate of the step
   * @param noiseScale sigma, of the step
   * @param batch examples in the step
   */
  double scale(NetworkShape shape, int l, double learningRate, double noiseScale, int batch);

  /** The scratch memory and code of one thread. */
  Worker worker(NetworkShape shape, LeafGrid grid);

  /** Computes leaves, for one thread. */
  interface Worker {
    /** Reads what leaves need of the weights; to be called when they have changed. */
    void prepare(Weights weights);

    /**
     * Computes one leaf.
     *
     * @param weights Not modified.
     * @param batchFrom the position in the step of the first example of {@code batch}
     * @param fromExample the block's first position in the step; likewise the others
     * @param sums Modified: cleared, then filled
     */
    void leaf(
        Weights weights,
        InputBatch batch,
        Perturbations perturbations,
        int batchFrom,
        int fromExample,
        int toExample,
        int fromPerturbation,
        int toPerturbation,
        LeafSums sums);
  }
}
