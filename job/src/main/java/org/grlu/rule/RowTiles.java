package org.grlu.rule;

import org.grlu.network.Layer;

/**
 * Divides the rows of a layer's weights into tiles of {@value #ROWS} rows. The tiles of the inputs
 * come first. The biases are the last tile, which has one row.
 */
final class RowTiles {
  static final int ROWS = 16;

  private RowTiles() {}

  /** Returns the number of a layer's tiles. */
  static int count(Layer layer) {
    return biases(layer) + 1;
  }

  /** Returns the index of the tile of the biases. */
  static int biases(Layer layer) {
    return (layer.inputs() + ROWS - 1) / ROWS;
  }

  /** Returns how many rows a tile has. */
  static int rows(Layer layer, int tile) {
    return tile == biases(layer) ? 1 : Math.min(ROWS, layer.inputs() - tile * ROWS);
  }

  /** Returns the position in the layer's weights where a tile starts. */
  static int at(Layer layer, int tile) {
    return tile == biases(layer) ? layer.biasAt() : tile * ROWS * layer.stride();
  }
}
