package org.grlu.rule;

/** The form in which a leaf returns the update of a layer. */
public enum UpdateForm {
  /**
   * One vector for each example, (examples x stride). The update is the sum over examples of the
   * outer products of these vectors with the layer's unperturbed inputs. The outer product is
   * formed when all perturbations of the example have been added.
   */
  COEFFICIENTS,
  /**
   * The sum of the outer products, (rows of the weights x stride). A rule uses this form if the
   * layer's input differs between perturbations.
   */
  MATRIX,
  /**
   * Nothing. The layer does not learn, or the rule's {@link StepUpdate} makes its update from other
   * sums.
   */
  NONE
}
