package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.noise.NoiseKind;
import org.grlu.noise.StreamKey;

/**
 * Recursive least squares that estimates its error from a reward. The rule is this project's. The
 * outputs are {@code W x}, without a bias. The reward is {@code -1/2 |onehot(y) - outputs|^2}.
 * Noise eps of standard deviation 1 perturbs the outputs in antithetic pairs. With e = onehot(y) -
 * W x, half the difference of a pair's rewards is exactly eps . e, for noise of any size. The code
 * computes the difference as eps . e.
 *
 * <pre>
 *   ehat = 1/P  sum over pairs of  eps (eps . e)
 *   k    = Q x / (1 + x^T Q x)
 *   W   += ehat k^T        Q -= k (Q x)^T        Q = I / lambda at first
 * </pre>
 *
 * With the exact error in place of ehat, the result is ridge regression, {@code W = (sum onehot
 * x^T) (sum x x^T + lambda I)^-1}. For C classes, the estimate's noise does not grow if {@code gain
 * (1 + (C + 1) / P) < 2}. The gain {@code x^T Q x / (1 + x^T Q x)} is near 1 at first unless lambda
 * is large. With P = 1, Gaussian noise and ten classes, lambda = 12 d is large enough.
 *
 * <p>Q changes by {@code p p^T} with {@code p = Q x / sqrt(1 + x^T Q x)}; see {@link Inverse}.
 * After one pass over 50,000 digits, whose pixels are strongly correlated, the accuracy in 32 bits
 * differs by 0.04 percentage points from that in 64 bits.
 *
 * @param pairs P, the number of antithetic pairs of each example
 * @param noise the distribution of eps, Gaussian or Rademacher
 * @param lambda the ridge, above 0
 */
record GrluRls(int pairs, NoiseKind noise, double lambda) implements Readout {
  @Override
  public int passesPerExample() {
    return 2 * pairs;
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    return Inverse.state(shape, lambda);
  }

  /** Subtracts the collected outer products, so that checkpoints contain the complete Q. */
  @Override
  public void settle(NetworkShape shape, Weights weights) {
    new Inverse(shape, new Arena()).flush(weights.state());
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new Update(this, shape, memory);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new RewardWorker(shape, memory);
  }

  /**
   * Returns the reward of the pass without noise. The reward is reported only; the update does not
   * use it.
   */
  private static final class RewardWorker implements Worker {
    private final Kernels kernels = Kernels.best();
    private final NetworkShape shape;
    private final Floats outputs;

    RewardWorker(NetworkShape shape, Arena memory) {
      this.shape = shape;
      this.outputs = memory.of(shape.stride(0));
    }

    @Override
    public void prepare(Weights weights) {
      // the product reads the weights as they are
    }

    @Override
    public void leaf(Leaf leaf, LeafSums sums) {
      sums.clear(kernels);
      for (int e = leaf.fromExample(); e < leaf.toExample(); e++) {
        int at = leaf.inBatch(e);
        leaf.batch().firstLayer(kernels, leaf.weights(), at, outputs, 0);
        double square = 0;
        for (int c = 0; c < shape.units(0); c++) {
          double error = (c == leaf.batch().label(at) ? 1 : 0) - outputs.get(c);
          square += error * error;
        }
        sums.addReward(e - leaf.fromExample(), -square / 2);
      }
    }
  }

  /** Computes the whole step. */
  private static final class Update implements StepUpdate {
    private final Kernels kernels = Kernels.best();
    private final GrluRls rule;
    private final NetworkShape shape;
    private final int classes;
    private final int inputs;
    private final int stride;
    private final Inputs example;
    private final Inverse inverse;
    private final Floats error;
    private final Floats estimate;
    private final Floats noise;
    private final Floats spread;
    private final Floats gain;
    private final Floats square;

    Update(GrluRls rule, NetworkShape shape, Arena memory) {
      this.rule = rule;
      this.shape = shape;
      this.classes = shape.units(0);
      this.inputs = shape.inputs(0);
      this.stride = Inputs.stride(shape);
      this.example = new Inputs(shape, memory);
      this.inverse = new Inverse(shape, memory);
      this.error = memory.of(shape.stride(0));
      this.estimate = memory.of(shape.stride(0));
      this.noise = memory.of(shape.stride(0));
      this.spread = memory.of(stride);
      this.gain = memory.of(stride);
      this.square = memory.of(1);
    }

    @Override
    public void apply(
        StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
      int label = example.read(sums);
      sums.examples().firstLayer(kernels, weights, 0, error, 0);
      for (int c = 0; c < classes; c++) {
        error.set(c, (c == label ? 1f : 0f) - error.get(c));
      }
      estimate(perturbations.ownStream());
      inverse.times(example.x, weights.state(), spread);
      kernels.dots(example.x, spread, 1, stride, square);
      float divisor = 1f + square.get(0);
      float root = (float) Math.sqrt(divisor);
      for (int i = 0; i < inputs; i++) {
        gain.set(i, spread.get(i) / divisor);
        spread.set(i, spread.get(i) / root);
      }
      Floats w = weights.layer(0);
      kernels.addOuter(1f, gain, inputs, estimate, shape.stride(0), w, 0);
      shape.layer(0).sumRows(w, noise);
      inverse.subtract(spread, weights.state());
    }

    /** Fills {@link #estimate} with ehat. */
    private void estimate(long stream) {
      kernels.clear(estimate, estimate.length());
      for (int p = 0; p < rule.pairs; p++) {
        long key = StreamKey.child(stream, p);
        if (rule.noise == NoiseKind.RADEMACHER) {
          kernels.rademacher(key, 1f, noise, 0, classes);
        } else {
          kernels.gaussian(key, 1f, noise, 0, classes);
        }
        float difference = 0;
        for (int c = 0; c < classes; c++) {
          difference = Math.fma(noise.get(c), error.get(c), difference);
        }
        kernels.addScaled(difference / rule.pairs, noise, 0, estimate, 0, estimate.length());
      }
    }
  }
}
