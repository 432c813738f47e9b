package org.grlu.rule;

import org.ejml.data.DMatrixRMaj;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * A readout that is solved, at an epoch's end, from the sums of x by class and of {@code x x^T}.
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
   * The weights.
   *
   * @param products Modified: of no use afterwards. (d x d), the sum of {@code x x^T}
   * @param b Modified: becomes the biases
   * @return by class and input
   */
  double[][] solve(ClassSums sums, DMatrixRMaj products, double[] b);
}
