package org.grlu.rule;

/** Rewards that a step returns in addition to their sum and to the rewards of each example. */
public enum StepRewards {
  /**
   * The sum of the rewards over the examples of the step, for each pass. For perturbation p, the
   * pass with the noise added is at 2 p, and the pass with the noise subtracted at 2 p + 1.
   */
  OF_PERTURBATIONS
}
