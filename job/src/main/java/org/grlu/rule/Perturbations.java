package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;

/** Where a step's random numbers come from: each perturbation of a layer its own stream. */
public interface Perturbations {
  /**
   * The noise on one layer's neurons, for a block of perturbations.
   *
   * @param example its position in the step
   * @param first the first perturbation
   * @param rows how many there are
   * @param lanes {@code rows}, padded; or 1, for a row of units that is padded with zeros
   * @param out Modified. (units x lanes): perturbation {@code first + r} is lane r. What lanes from
   *     {@code rows} on become is not said, but that it is finite
   */
  void noise(int example, int first, int rows, int layer, int lanes, Floats out);

  /**
   * The noise of one perturbation alone, Gaussian or Rademacher: lane {@code perturbation} of what
   * {@link #noise} gives.
   *
   * @param out Modified from {@code at}: a row of units, padded with zeros
   */
  void row(int example, int perturbation, int layer, Floats out, int at);

  /** The Gumbel(0, 1) numbers of one hidden layer's top-k; parameters as {@link #noise}. */
  void gumbels(int example, int first, int rows, int layer, int lanes, Floats out);

  /**
   * The Gumbel numbers of perturbation 0 alone, for rules that perturb nothing.
   *
   * @param out Modified from {@code at}, for the padded width of the layer
   */
  void gumbel(int example, int layer, Floats out, int at);

  /** The noise's standard deviation on a layer's neurons. */
  float deviation(int layer);

  /**
   * The signs of a layer's units under orthogonal noise.
   *
   * @param out Modified. Bit u mod 64 of word u / 64 is set where unit u's is negative
   */
  void signs(int example, int layer, long[] out);

  /**
   * Where in the Hadamard matrix a layer's units lie under orthogonal noise: the offset is the low
   * half, the stride the high half with its lowest bit set, both modulo the number of pairs.
   */
  long hadamardRows(int example, int layer);

  /**
   * Factors of the weights' noise, the same for all examples: of a block of perturbations.
   *
   * @param scale the standard deviation
   * @param out Modified. (n x lanes): perturbation {@code first + r} is lane r; n is the layer's
   *     inputs or units. Lanes from {@code rows} on as in {@link #noise}
   */
  void factors(Factor factor, int layer, int first, int rows, int lanes, float scale, Floats out);

  /**
   * A factor of one perturbation, standard normal.
   *
   * @param out Modified from {@code at}, for n numbers, padded
   */
  void factor(Factor factor, int layer, int perturbation, Floats out, int at);

  /** What {@code a outer b} is made of, and the biases' noise beside it. */
  enum Factor {
    /** a, a number for each unit. */
    UNITS(0),
    /** b, a number for each input. */
    INPUTS(1),
    /** Of the biases. */
    BIASES(2);

    /** Of its stream. */
    final int number;

    Factor(int number) {
      this.number = number;
    }

    /** How many numbers it has. */
    int length(NetworkShape shape, int layer) {
      return this == INPUTS ? shape.inputs(layer) : shape.units(layer);
    }
  }

  /**
   * The key of the rule's own stream in this step: whatever else it draws hangs below it, and
   * depends on nothing but the seed and the step.
   */
  long ownStream();
}
