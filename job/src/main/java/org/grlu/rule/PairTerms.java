package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.Layer;

/** Computes the terms {@code factor E} that pairs add to a layer's update. */
interface PairTerms {
  /**
   * Begins a layer. The calling thread must be the only one.
   *
   * @param factors Not modified until the layer's last {@link #add}. The factor of each pair
   * @param threads the threads that will call {@link #add}
   */
  void begin(Perturbations perturbations, Layer layer, float[] factors, RowThreads threads);

  /**
   * Adds the terms of the pairs from {@code from} to {@code to} (exclusive), in this order.
   *
   * @param thread the number of the thread, from 0
   * @param tile the index of the tile; see {@link RowTiles}
   * @param sum Modified. (the tile's rows x stride)
   */
  void add(int thread, int from, int to, int tile, Floats sum);
}
