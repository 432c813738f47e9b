package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.Weights;

/** What a gradient is multiplied with on its way back. */
@FunctionalInterface
interface Backward {
  /**
   * What stands for layer {@code l}'s weights, laid out as they are; l > 0. Asked for once a step.
   *
   * @param weights Not modified. Before the step
   */
  Floats matrix(Weights weights, int l);
}
