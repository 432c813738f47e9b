package org.grlu.rule;

import org.grlu.math.Floats;

/**
 * A subtree's sums as they meet in the driver. What has a row for each example is in one of three
 * forms: of a subtree within one block of examples, the block's rows, not yet scaled; of whole
 * blocks, either the rows, scaled, which lie in the step's array, or the matrix they expand to.
 */
final class NodeSums {
  /** By slot: rows of a subtree within one block; null in all other forms. */
  final Floats[] partial;

  /** By slot: a sum, or the matrix that coefficients expand to; null unless in that form. */
  final Floats[] sum;

  double reward;

  NodeSums(int slots) {
    partial = new Floats[slots];
    sum = new Floats[slots];
  }
}
