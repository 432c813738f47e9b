package org.grlu.rule;

import org.ejml.data.DMatrixRMaj;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * A readout whose weights are solved at the end of an epoch, from the sums of x by class and the
 * sum of {@code x x^T}.
 */
interface Moments extends Readout {
  @Override
  default State state(NetworkShape shape, long seed) {
    return InputProducts.state(shape, ClassSums.state(shape));
  }

  @Override
  default StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    Inputs inputs = new Inputs(shape, memory);
    InputProducts products = new InputProducts(shape, memory);
    return (step, sums, perturbations, weights) -> {
      int label = inputs.read(sums);
      new ClassSums(shape, weights.state()).add(inputs.x, label);
      products.add(inputs.x, weights.state());
    };
  }

  @Override
  default void settle(NetworkShape shape, Weights weights) {
    InputProducts products = new InputProducts(shape, new Arena());
    products.flush(weights.state());
    ClassSums sums = new ClassSums(shape, weights.state());
    double[] b = new double[sums.classes()];
    double[][] w = solve(sums, products.matrix(weights.state()), b);
    ClassSums.set(w, b, weights);
  }

  /**
   * Solves for the weights and biases.
   *
   * @param sums Not modified. The sums and numbers of examples by class
   * @param products Modified. (d x d), the sum of {@code x x^T}. Its values are undefined
   *     afterwards
   * @param b Modified. (classes). It receives the biases
   * @return the weights, (classes x d)
   */
  double[][] solve(ClassSums sums, DMatrixRMaj products, double[] b);
}
