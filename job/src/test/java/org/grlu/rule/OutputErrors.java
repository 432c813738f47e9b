package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * A rule whose update of every layer is coefficients: the output's error, and as the hidden layers'
 * coefficients their own values, which teaches nothing but takes every path.
 */
public record OutputErrors() implements LearningRule {
  @Override
  public int passesPerExample() {
    return 1;
  }

  @Override
  public int rewardsPerExample() {
    return 1;
  }

  @Override
  public double scale(NetworkShape shape, int l, double rate, double noise, int batch) {
    return rate / batch;
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.COEFFICIENTS;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    ForwardPass forward = new ForwardPass(shape, grid.blockExamples(), memory);
    return new Worker() {
      @Override
      public void prepare(Weights weights) {
        forward.prepare(weights);
      }

      @Override
      public void leaf(Leaf leaf, LeafSums sums) {
        sums.clear(Kernels.best());
        int from = leaf.inBatch(leaf.fromExample());
        forward.run(leaf.weights(), leaf.batch(), from, from + leaf.examples(), null);
        int last = shape.depth() - 1;
        for (int l = 0; l < last; l++) {
          int n = leaf.examples() * shape.stride(l);
          sums.coefficients(l).copy(forward.source(l + 1), 0, 0, n);
        }
        for (int r = 0; r < leaf.examples(); r++) {
          int label = leaf.batch().label(from + r);
          sums.addReward(r, error(r * shape.stride(last), label, last, sums.coefficients(last)));
        }
      }

      @Override
      public ForwardPass clean() {
        return forward;
      }

      /** {@code onehot - softmax} of a row; returns the log-probability of the label. */
      private double error(int at, int label, int last, Floats out) {
        double total = 0;
        for (int j = 0; j < shape.units(last); j++) {
          total += StrictMath.exp(forward.logits().get(at + j));
        }
        for (int j = 0; j < shape.units(last); j++) {
          double p = StrictMath.exp(forward.logits().get(at + j)) / total;
          out.set(at + j, (float) ((j == label ? 1 : 0) - p));
        }
        return StrictMath.log(StrictMath.exp(forward.logits().get(at + label)) / total);
      }
    };
  }
}
