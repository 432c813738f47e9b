package org.grlu.rule;

import org.grlu.network.Weights;

/**
 * The end of a step, in one thread: turns what all leaves returned into a change of weights. Rules
 * that shape rewards over the whole batch do it here: their leaves return rewards, and the update
 * follows from all of them, in the same Spark job.
 */
public interface StepUpdate {
  /**
   * Changes the weights.
   *
   * @param perturbations the step's random numbers, the same that the leaves saw
   * @param weights Modified.
   */
  void apply(StepSettings step, StepSums sums, Perturbations perturbations, Weights weights);
}
