package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;

/**
 * Class means (Rocchio, 1971). A class's score is {@code mu_c . x - |mu_c|^2 / 2}, so that the
 * class with the nearest mean wins. The rule keeps the sum of each class's examples. At the end of
 * an epoch, the weights are computed from the sums. The sum is the Hebbian product of input and
 * label. Dividing it by the number of the class's examples gives the mean.
 */
record ClassMeans() implements Readout {
  @Override
  public State state(NetworkShape shape, long seed) {
    return ClassSums.state(shape);
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    Inputs inputs = new Inputs(shape, memory);
    return (step, sums, perturbations, weights) -> {
      int label = inputs.read(sums);
      new ClassSums(shape, weights.state()).add(inputs.x, label);
    };
  }

  @Override
  public void settle(NetworkShape shape, Weights weights) {
    ClassSums sums = new ClassSums(shape, weights.state());
    double[][] w = new double[sums.classes()][];
    double[] b = new double[sums.classes()];
    for (int c = 0; c < w.length; c++) {
      w[c] = sums.mean(c);
      b[c] = sums.count(c) == 0 ? UNSEEN : -Solve.product(w[c], w[c]) / 2;
    }
    ClassSums.set(w, b, weights);
  }
}
