package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.Layer;

/** The terms {@code factor E} that pairs add to a layer's update. */
interface PairTerms {
  /**
   * Begins with a layer, in the thread that asks.
   *
   * @param factors Not modified. By pair
   * @param threads that rows will be asked for in
   */
  void begin(Perturbations perturbations, Layer layer, float[] factors, RowThreads threads);

  /**
   * Adds the terms of pairs {@code from} to {@code to}, in this order.
   *
   * @param at the first row of the layer's weights; the biases' is that after the last input's
   * @param rows of inputs, or 1 of the biases
   * @param sum Modified. (rows x stride)
   */
  void add(int thread, int from, int to, int at, int rows, Floats sum);
}
