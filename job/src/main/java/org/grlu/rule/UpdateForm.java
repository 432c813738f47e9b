package org.grlu.rule;

/** How a leaf returns what a layer learns. */
public enum UpdateForm {
  /**
   * A vector for each example, (examples x stride): the update is its outer product with the
   * layer's unperturbed input, formed when all perturbations of the example are in.
   */
  COEFFICIENTS,
  /**
   * The sum of the outer products, (rows of the weights x stride): inputs differ per perturbation.
   */
  MATRIX,
  /** Nothing: the rule's {@link StepUpdate} makes the update from other sums. */
  NONE
}
