package org.grlu.rule;

/** Where a step's random numbers come from: row by row, each row its own stream. */
public interface Perturbations {
  /**
   * The noise on one layer's neurons.
   *
   * @param example its position in the step
   * @param out Modified from {@code at}, for the padded width of the layer
   */
  void noise(int example, int perturbation, int layer, float[] out, int at);

  /** The Gumbel(0, 1) numbers of one hidden layer's top-k; parameters as {@link #noise}. */
  void gumbel(int example, int perturbation, int layer, float[] out, int at);
}
