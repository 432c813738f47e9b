package org.grlu.rule;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.grlu.math.Arena;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * A rule that turns examples into a change of weights. What it computes is a sum over the leaves of
 * a {@link LeafGrid}; engines decide where each leaf is computed.
 */
public interface LearningRule extends Serializable {
  /** Columns of the grid: how many perturbations each example gets. */
  default int perturbations() {
    return 1;
  }

  /**
   * Whether all perturbations of an example lie in one leaf, which then has as many as there are:
   * for noise that is drawn for all of them together, and for what is divided by a sum over them.
   */
  default boolean pairsTogether() {
    return false;
  }

  /**
   * Whether a perturbation's noise is the same for all examples: then a leaf has as many of them as
   * may be, as they share what is drawn.
   */
  default boolean sharesNoise() {
    return false;
  }

  /**
   * The rule whose estimates the update is made of: this one, or the one that an optimiser is put
   * around.
   */
  default LearningRule estimator() {
    return this;
  }

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

  /**
   * What the rule keeps beside the weights, as it is before the first step; new arrays at each
   * call. Leaves read it in {@link Weights#state}, {@link #update} changes it there, but for what
   * is {@link State.Reader#FIXED}.
   */
  default State state(NetworkShape shape, long seed) {
    return State.NONE;
  }

  /** How leaves return what layer {@code l} learns. */
  default UpdateForm form(NetworkShape shape, int l) {
    return shape.layer(l).readsImages() ? UpdateForm.COEFFICIENTS : UpdateForm.MATRIX;
  }

  /**
   * The lengths of arrays of the rule's own, which leaves add up beside what layers learn, for
   * {@link #update}: {@link LeafSums#own}.
   */
  default List<Integer> ownSums(NetworkShape shape) {
    return List.of();
  }

  /** The rewards that leaves return besides their sum and each example's. */
  default Set<StepRewards> returns() {
    return Set.of();
  }

  /**
   * What turns a step's sums into a change of weights; for one thread.
   *
   * @param memory for its buffers
   */
  default StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new WeightUpdate(shape, this, grid, memory);
  }

  /**
   * Turns what the rule keeps into weights, at an epoch's end, for a rule that does not do so at
   * each step.
   *
   * @param weights Modified. Folded, before and after
   */
  default void settle(NetworkShape shape, Weights weights) {}

  /** Whether {@link #passes} read what the rule keeps, and weights alone are no model. */
  default boolean scoresByState() {
    return false;
  }

  /**
   * Passes whose logits are what the rule scores classes by.
   *
   * @param capacity the most examples of one run
   * @param memory for their buffers
   */
  default Passes passes(NetworkShape shape, int capacity, Arena memory) {
    return Passes.of(shape, capacity, memory);
  }

  /**
   * The scratch memory and code of one thread.
   *
   * @param memory for its buffers
   */
  Worker worker(NetworkShape shape, LeafGrid grid, Arena memory);

  /** Computes leaves, for one thread. */
  interface Worker {
    /** Reads what leaves need of the weights; to be called when they have changed. */
    void prepare(Weights weights);

    /**
     * Whether {@link #leaf} heeds {@link LeafSums#scale}, adds to each matrix once for each pair
     * and example, when it has read all it needs of the weights, and adds nothing where the reward
     * is not finite: then a step of one example and pair needs no sums.
     */
    default boolean addsScaled() {
      return false;
    }

    /**
     * Computes one leaf.
     *
     * @param sums Modified: cleared, then filled
     */
    void leaf(Leaf leaf, LeafSums sums);

    /**
     * The unperturbed pass, with the draws of {@link Perturbations#gumbel}, that the last leaf made
     * of its examples; null from a worker that makes none. Where a step is one leaf, its update
     * need not run the pass again.
     */
    default ForwardPass clean() {
      return null;
    }
  }
}
