package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;

/**
 * The source of a step's random numbers. Each perturbation of each layer has its own stream.
 * Positions of examples count from the step's first example, and lanes are padded to a multiple of
 * {@link org.grlu.math.Kernels#LANES}.
 */
public interface Perturbations {
  /**
   * Draws the noise on one layer's neurons for a block of perturbations.
   *
   * @param example the position of the example in the step
   * @param first the number of the first perturbation
   * @param rows the number of perturbations
   * @param lanes {@code rows} padded; or 1 for a single perturbation, whose row of units is padded
   *     with zeros
   * @param out Modified. (units x lanes), with perturbation {@code first + r} in lane r. Lanes from
   *     {@code rows} on become arbitrary finite numbers
   */
  void noise(int example, int first, int rows, int layer, int lanes, Floats out);

  /**
   * Draws the Gaussian or Rademacher noise of one perturbation. The numbers are those that {@link
   * #noise} draws for this perturbation.
   *
   * @param out Modified from {@code at}: a row of units, padded with zeros
   */
  void row(int example, int perturbation, int layer, Floats out, int at);

  /**
   * Draws the Gumbel(0, 1) numbers for the top-k of one hidden layer. The parameters are those of
   * {@link #noise}.
   */
  void gumbels(int example, int first, int rows, int layer, int lanes, Floats out);

  /**
   * Draws the Gumbel numbers of perturbation 0, for passes without noise.
   *
   * @param out Modified from {@code at}: a row of units, padded
   */
  void gumbel(int example, int layer, Floats out, int at);

  /** Returns the standard deviation of the noise on a layer's neurons. */
  float deviation(int layer);

  /**
   * Draws the signs of a layer's units under orthogonal noise.
   *
   * @param out Modified. Bit u mod 64 of word u / 64 is set if the sign of unit u is negative
   */
  void signs(int example, int layer, long[] out);

  /**
   * Returns the rows of the Hadamard matrix that a layer's units use under orthogonal noise. The
   * low 32 bits are the offset. The high 32 bits, with their lowest bit set, are the stride. Both
   * are taken modulo the number of pairs.
   */
  long hadamardRows(int example, int layer);

  /**
   * Draws factors of the noise on weights for a block of perturbations. All examples share them.
   *
   * @param scale the standard deviation
   * @param out Modified. (n x lanes), with perturbation {@code first + r} in lane r. n is the
   *     number of the layer's inputs or units. Lanes from {@code rows} on become arbitrary finite
   *     numbers
   */
  void factors(Factor factor, int layer, int first, int rows, int lanes, float scale, Floats out);

  /**
   * Draws a factor of one perturbation. Its numbers are standard normal.
   *
   * @param out Modified from {@code at}: the factor's numbers, padded
   */
  void factor(Factor factor, int layer, int perturbation, Floats out, int at);

  /** The factors of noise {@code a outer b} on a layer's weights, and the noise on its biases. */
  enum Factor {
    /** The vector a, with a number for each unit. */
    UNITS(0),
    /** The vector b, with a number for each input. */
    INPUTS(1),
    /** The noise on the biases, with a number for each unit. */
    BIASES(2);

    /** The number of the factor's stream. */
    final int number;

    Factor(int number) {
      this.number = number;
    }

    /** Returns how many numbers the factor has in a layer. */
    int length(NetworkShape shape, int layer) {
      return this == INPUTS ? shape.inputs(layer) : shape.units(layer);
    }
  }

  /**
   * Returns the key of the rule's own stream in this step. The rule derives the keys of all other
   * draws from it, so that they depend on the seed and the step only.
   */
  long ownStream();
}
