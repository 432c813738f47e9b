package org.grlu.rule;

import org.grlu.network.Layer;

/**
 * The rows of a layer's weights in tiles of {@value #ROWS}: those of the inputs, then the biases, a
 * tile by themselves.
 */
final class RowTiles {
  static final int ROWS = 16;

  private RowTiles() {}

  static int count(Layer layer) {
    return biases(layer) + 1;
  }

  /** The number of the biases' tile. */
  static int biases(Layer layer) {
    return (layer.inputs() + ROWS - 1) / ROWS;
  }

  /** How many rows a tile has. */
  static int rows(Layer layer, int tile) {
    return tile == biases(layer) ? 1 : Math.min(ROWS, layer.inputs() - tile * ROWS);
  }

  /** Where a tile starts in the layer's weights. */
  static int at(Layer layer, int tile) {
    return tile == biases(layer) ? layer.biasAt() : tile * ROWS * layer.stride();
  }
}
