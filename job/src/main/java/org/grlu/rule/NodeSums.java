package org.grlu.rule;

import java.nio.FloatBuffer;
import org.grlu.math.Floats;

/**
 * A subtree's sums as they come to the driver. What has a row for each example is in one of three
 * forms: of a subtree within one block of examples, the block's rows, not yet scaled; of whole
 * blocks, either the rows, scaled, which lie in the step's array, or the matrix they expand to.
 */
final class NodeSums {
  /** By slot: rows of a subtree within one block; null in all other forms. */
  final Floats[] partial;

  /** By slot: a sum, or such a matrix, as it was sent; null in all other forms. */
  final FloatBuffer[] matrix;

  /** {@link StepRewards#OF_PERTURBATIONS}; empty where the rule does not ask for them. */
  final double[] ofPerturbations;

  double reward;

  NodeSums(SumsLayout layout) {
    partial = new Floats[layout.size()];
    matrix = new FloatBuffer[layout.size()];
    ofPerturbations = new double[layout.passes()];
  }
}
