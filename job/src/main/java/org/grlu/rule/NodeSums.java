package org.grlu.rule;

import java.nio.FloatBuffer;
import org.grlu.math.Floats;

/**
 * A subtree's sums as the driver receives them. A slot with a row for each example comes in one of
 * three forms. A subtree within one block of examples has the block's rows, not yet scaled. A
 * subtree of whole blocks has either the scaled rows, which are in the step's array, or the matrix
 * into which they expand.
 */
final class NodeSums {
  /** The rows of a subtree within one block, by slot; null in all other forms. */
  final Floats[] partial;

  /** The sum or the expanded matrix as it was sent, by slot; null in all other forms. */
  final FloatBuffer[] matrix;

  /**
   * The rewards of {@link StepRewards#OF_PERTURBATIONS}; empty if the rule does not ask for them.
   */
  final double[] ofPerturbations;

  /** The sum of the subtree's rewards. */
  double reward;

  NodeSums(SumsLayout layout) {
    partial = new Floats[layout.size()];
    matrix = new FloatBuffer[layout.size()];
    ofPerturbations = new double[layout.passes()];
  }
}
