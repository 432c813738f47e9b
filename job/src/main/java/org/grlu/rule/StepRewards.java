package org.grlu.rule;

/** Rewards that a step returns besides their sum and each example's. */
public enum StepRewards {
  /**
   * The sum over the examples of the step, for each pass: of perturbation p the member with its
   * noise at 2 p, the one with the sign flipped at 2 p + 1.
   */
  OF_PERTURBATIONS
}
