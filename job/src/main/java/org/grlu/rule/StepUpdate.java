package org.grlu.rule;

import org.grlu.network.Weights;

/**
 * Ends a step: turns the sums of all leaves into a change of the weights, in one thread. Rules that
 * compare rewards over the whole batch do so here. Their leaves return rewards, and the update
 * computes the change from all of them in the same Spark job.
 */
public interface StepUpdate {
  /**
   * Changes the weights and the rule's state in {@link Weights#state}.
   *
   * @param step the number, learning rate and noise scale of the step
   * @param sums the sums of the whole step
   * @param perturbations the step's random numbers, which are the same that the leaves used
   * @param weights Modified, with their state
   */
  void apply(StepSettings step, StepSums sums, Perturbations perturbations, Weights weights);
}
