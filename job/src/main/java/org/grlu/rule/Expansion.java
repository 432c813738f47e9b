package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Expands coefficients into updates: {@code sum over examples of u(e) outer coefficients(e)}, u
 * being the layer's unperturbed input.
 */
final class Expansion {
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final Arena memory;
  private final boolean[] readsImages;
  private final FirstLayerUpdate firstLayer;

  /** Made when first needed. */
  private CleanInputUpdate deeper;

  Expansion(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.shape = shape;
    this.grid = grid;
    this.readsImages = new boolean[shape.depth()];
    for (int l = 0; l < readsImages.length; l++) {
      readsImages[l] = shape.layer(l).readsImages();
    }
    this.firstLayer = new FirstLayerUpdate(shape, grid, memory);
  }

  /**
   * Adds a subtree's part of layer l's update to a matrix.
   *
   * @param weights Not modified, unless {@code matrix} is its layer 0. Read for l > 0
   * @param batch Not modified. Holds the subtree's examples
   * @param batchFrom the position in the step of the first example of {@code batch}
   * @param scaled Not modified. Coefficients, scaled: (examples of {@code batch} x stride)
   * @param node covers whole blocks of examples
   * @param matrix Modified. (rows of the layer x stride)
   */
  void add(
      int l,
      Weights weights,
      InputBatch batch,
      int batchFrom,
      Floats scaled,
      LeafGrid.Node node,
      Floats matrix) {
    int level = node.level() - grid.blockLevel();
    if (readsImages[l]) {
      firstLayer.add(batch, batchFrom, scaled, level, node.index(), matrix);
      return;
    }
    if (deeper == null) {
      deeper = new CleanInputUpdate(shape, grid, memory);
    }
    deeper.add(l, weights, batch, batchFrom, scaled, level, node.index(), matrix);
  }

  /**
   * As {@link #add}, some rows of the layer that reads images, whichever others are added.
   *
   * @param batch Not modified. All examples of the step
   * @param from the first row
   * @param to one past the last
   */
  void addRows(
      InputBatch batch, Floats scaled, LeafGrid.Node node, int from, int to, Floats matrix) {
    int level = node.level() - grid.blockLevel();
    firstLayer.add(batch, 0, scaled, level, node.index(), from, to, matrix);
  }
}
