package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.Layer;

/** The terms {@code factor E} that pairs add to a layer's update. */
interface PairTerms {
  /**
   * Begins with a layer, in the thread that asks.
   *
   * @param factors Not modified. By pair
   * @param threads that tiles will be asked for in
   */
  void begin(Perturbations perturbations, Layer layer, float[] factors, RowThreads threads);

  /**
   * Adds the terms of pairs {@code from} to {@code to}, in this order.
   *
   * @param tile of {@link RowTiles}
   * @param sum Modified. (the tile's rows x stride)
   */
  void add(int thread, int from, int to, int tile, Floats sum);
}
