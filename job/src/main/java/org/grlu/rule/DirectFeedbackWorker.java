package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Computes {@link DirectFeedback} on one block of examples. */
final class DirectFeedbackWorker implements LearningRule.Worker {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final int last;
  private final ForwardPass clean;
  private final String[] names;

  DirectFeedbackWorker(NetworkShape shape, int capacity, Arena memory) {
    this.shape = shape;
    this.last = shape.depth() - 1;
    this.clean = new ForwardPass(shape, capacity, memory);
    this.names = LearnedFeedback.names(shape);
  }

  @Override
  public void prepare(Weights weights) {
    clean.prepare(weights);
  }

  @Override
  public ForwardPass clean() {
    return clean;
  }

  @Override
  public void leaf(Leaf leaf, LeafSums sums) {
    sums.clear(kernels);
    leaf.run(clean, shape);
    int rows = leaf.examples();
    int classes = shape.units(last);
    Floats errors = sums.coefficients(last);
    for (int r = 0; r < rows; r++) {
      int label = leaf.batch().label(leaf.inBatch(leaf.fromExample() + r));
      int at = r * shape.stride(last);
      Rewards.softmax(clean.logits(), at, classes, errors, at);
      sums.addReward(r, Rewards.of(errors.get(at + label)));
      Rewards.error(label, classes, errors, at);
    }
    for (int l = 0; l < last; l++) {
      int stride = shape.stride(l);
      Floats signal = sums.coefficients(l);
      Floats feedback = leaf.weights().state().array(names[l]);
      for (int r = 0; r < rows; r++) {
        int at = r * stride;
        int error = r * shape.stride(last);
        kernels.rowTimes(errors, error, 1, classes, feedback, 0, stride, signal, at);
      }
      kernels.multiply(signal, clean.mask(l), signal, rows * stride);
    }
  }
}
