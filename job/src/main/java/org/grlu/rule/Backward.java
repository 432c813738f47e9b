package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.Weights;

/** Supplies the matrices that multiply a gradient on its way back. */
@FunctionalInterface
interface Backward {
  /**
   * Returns the matrix that takes the place of layer {@code l}'s weights, with their layout. It is
   * asked for once a step.
   *
   * @param weights Not modified. The weights before the step
   * @param l the layer, at least 1
   */
  Floats matrix(Weights weights, int l);
}
