package org.grlu.rule;

/**
 * A subtree's sums as they meet in the driver.
 *
 * <p>The first layer's part is in one of three forms: of a subtree within one block of examples,
 * the block's coefficients, not yet scaled; of whole blocks, either their coefficients, scaled,
 * which lie in the step's array, or the matrix they expand to.
 */
final class NodeSums {
  /** (examples of the block x stride of layer 0), of a subtree within one block; else null. */
  float[] partial;

  /** (rows of layer 0 x stride); null unless in that form. */
  float[] matrix;

  /** Layer l > 0: (rows x stride); null for layer 0. */
  final float[][] deeper;

  double reward;

  NodeSums(int depth) {
    deeper = new float[depth][];
  }
}
