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
 * Turns examples into a change of the weights. A rule computes a sum over the leaves of a {@link
 * LeafGrid}. The engines decide where each leaf is computed.
 */
public interface LearningRule extends Serializable {
  /** Returns P, the number of perturbations of each example. It is 1 for rules without noise. */
  default int perturbations() {
    return 1;
  }

  /**
   * Returns whether one leaf holds all perturbations of its examples. A rule needs this if it draws
   * the noise of all perturbations together, or if it divides by a sum over them.
   */
  default boolean pairsTogether() {
    return false;
  }

  /**
   * Returns whether a perturbation has the same noise for all examples. A leaf then holds as many
   * examples as the grid allows, because they share the drawn noise.
   */
  default boolean sharesNoise() {
    return false;
  }

  /**
   * Returns the rule that estimates the gradient: this rule itself, or the rule that an optimiser
   * such as {@link Adam} wraps.
   */
  default LearningRule estimator() {
    return this;
  }

  /** Returns the number of forward passes that the rule's formula needs for one example. */
  int passesPerExample();

  /**
   * Returns the number of rewards that one example adds to {@link LeafSums}. The mean reward of a
   * step is the sum of its rewards, divided by this number and by the batch size.
   */
  int rewardsPerExample();

  /**
   * Returns the factor that multiplies layer {@code l}'s sums before they are added to its weights.
   *
   * @param learningRate the step's learning rate
   * @param noiseScale sigma, the step's noise scale
   * @param batch the number of examples in the step
   */
  double scale(NetworkShape shape, int l, double learningRate, double noiseScale, int batch);

  /**
   * Returns the arrays that the rule keeps beside the weights, with their values before the first
   * step. Each call returns new arrays. Leaves read the arrays in {@link Weights#state}, and {@link
   * #update} changes them there. Arrays marked {@link State.Reader#FIXED} never change.
   */
  default State state(NetworkShape shape, long seed) {
    return State.NONE;
  }

  /** Returns the form in which leaves return the update of layer {@code l}. */
  default UpdateForm form(NetworkShape shape, int l) {
    return shape.layer(l).readsImages() ? UpdateForm.COEFFICIENTS : UpdateForm.MATRIX;
  }

  /**
   * Returns the lengths of the rule's own sums. Leaves add to these arrays ({@link LeafSums#own})
   * beside the updates of the layers. {@link #update} reads them.
   */
  default List<Integer> ownSums(NetworkShape shape) {
    return List.of();
  }

  /**
   * Returns which rewards leaves return in addition to their sum and to the rewards of each
   * example.
   */
  default Set<StepRewards> returns() {
    return Set.of();
  }

  /**
   * Returns a new object that turns a step's sums into a change of the weights. It serves one
   * thread.
   *
   * @param memory where the object allocates its buffers
   */
  default StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new WeightUpdate(shape, this, grid, memory);
  }

  /**
   * Computes weights from the rule's state at the end of an epoch. Rules that change the weights at
   * each step do nothing here.
   *
   * @param weights Modified. They are folded ({@link Weights#fold}) before the call and after it
   */
  default void settle(NetworkShape shape, Weights weights) {}

  /**
   * Returns whether {@link #passes} read the rule's state. The weights alone are then not a model.
   */
  default boolean scoresByState() {
    return false;
  }

  /**
   * Returns new passes, whose logits are the rule's scores of the classes.
   *
   * @param capacity the largest number of examples in one run
   * @param memory where the passes allocate their buffers
   */
  default Passes passes(NetworkShape shape, int capacity, Arena memory) {
    return Passes.of(shape, capacity, memory);
  }

  /**
   * Returns a new worker, which holds the scratch memory of one thread.
   *
   * @param memory where the object allocates its buffers
   */
  Worker worker(NetworkShape shape, LeafGrid grid, Arena memory);

  /** Computes leaves in one thread. */
  interface Worker {
    /**
     * Reads what leaves need of the weights. The caller calls this method after each change of the
     * weights.
     */
    void prepare(Weights weights);

    /**
     * Returns whether {@link #leaf} can add its updates to the weights themselves. A step of one
     * example and one pair then needs no sums. The worker must keep to three conditions. It
     * multiplies each update by {@link LeafSums#scale}. It adds to each matrix once for each pair
     * and example, after it has read all that it needs of the weights. It adds nothing if the
     * reward is not finite.
     */
    default boolean addsScaled() {
      return false;
    }

    /**
     * Computes the sums of one leaf.
     *
     * @param sums Modified. The worker clears the sums first, then fills them
     */
    void leaf(Leaf leaf, LeafSums sums);

    /**
     * Returns the unperturbed pass that the last leaf ran over its examples, with the draws of
     * {@link Perturbations#gumbel}. Returns null if the worker runs no such pass. If a step is one
     * leaf, the update uses this pass and does not run it again.
     */
    default ForwardPass clean() {
      return null;
    }
  }
}
