package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Measures whether the neurons that share weights agree on how to change them, in a network with
 * several kinds of layers. With g[s] the reward's gradient by the pre-activations at position or
 * step s, and u[s] the input of these neurons, the conflict ratio of a layer is
 *
 * <pre>
 *   rho = |sum_s g[s] outer u[s]|^2 / sum_s |g[s]|^2 |u[s]|^2
 * </pre>
 *
 * The ratio is below 1 if the neurons are in conflict and above 1 if they agree. It is 1 if each
 * neuron has its own weights. From P antithetic pairs, node perturbation estimates the layer's
 * change with a signal-to-noise ratio of about {@code sqrt(P rho f / N)}. N is the number of the
 * layer's perturbed neurons. f is their share of the squared gradient by all perturbed neurons,
 * with each layer weighted by the square of its noise scale. For several examples, the squares of
 * the signal and of the noise are summed.
 */
public final class SharedWeights {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final MixedGrlu grlu;
  private final MixedLearning learning;
  private final Floats error;
  private final Floats[] change;

  // sums over examples, by layer: squared changes together, squared changes of single neurons, and
  // the squared noise
  private final double[] together;
  private final double[] apart;
  private final double[] noise;

  /**
   * Creates an object that has seen no examples.
   *
   * @param rule the rule whose signal-to-noise ratio is computed, if it is a {@link MixedGrlu}
   * @param memory where buffers are allocated
   */
  public SharedWeights(NetworkShape shape, LearningRule rule, Arena memory) {
    this.shape = shape;
    grlu = rule instanceof MixedGrlu mixed ? mixed : null;
    learning = new MixedLearning(shape, 1, memory);
    int depth = shape.depth();
    error = memory.of(shape.stride(depth - 1));
    change = new Floats[depth];
    for (int l = 0; l < depth; l++) {
      change[l] = memory.of(shape.layer(l).length());
    }
    together = new double[depth];
    apart = new double[depth];
    noise = new double[depth];
  }

  /**
   * Adds one example.
   *
   * @param weights Not modified
   * @param batch Not modified. It holds this example only
   */
  public void add(Weights weights, InputBatch batch) {
    int last = shape.depth() - 1;
    learning.clean.run(weights, batch, 0, 1);
    learning.clean.prepareBackward(weights);
    Rewards.softmax(learning.clean.logits(), 0, shape.units(last), error, 0);
    Rewards.error(batch.label(0), shape.units(last), error, 0);
    learning.clean.backward(weights, 1, error, learning.signal);
    double all = 0;
    for (int l = 0; l <= last; l++) {
      if (grlu != null && grlu.perturbs(shape, l)) {
        all += power(l) * square(l);
      }
    }
    for (int l = 0; l <= last; l++) {
      if (shape.learns(l)) {
        kernels.clear(change[l], change[l].length());
        learning.clean.layer(l).accumulate(0, learning.signal[l], 0, change[l]);
        double sum = squares(change[l], change[l].length());
        double separate = learning.clean.layer(l).squares(0, learning.signal[l], 0);
        together[l] += sum;
        apart[l] += separate;
        if (separate > 0 && all > 0 && grlu.perturbs(shape, l)) {
          double share = power(l) * square(l) / all;
          noise[l] += separate * neurons(l) / (grlu.perturbations() * share);
        }
      }
    }
  }

  private static double squares(Floats x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) x.get(i) * x.get(i);
    }
    return sum;
  }

  /** Returns the squared norm of the gradient by a layer's neurons. */
  private double square(int l) {
    return squares(learning.signal[l], shape.stride(l));
  }

  /** Returns the square of a layer's noise scale, in units of sigma^2. */
  private double power(int l) {
    double factor = shape.hidden(l) ? grlu.hiddenNoise() : grlu.outputNoise();
    double noise = factor * shape.layer(l).noise();
    return noise * noise;
  }

  /** Returns how many of a layer's neurons are perturbed. */
  private int neurons(int l) {
    boolean gated = grlu.rule().gate() == Gate.ACTIVE && !shape.layer(l).perturbedBefore();
    if (!gated || !shape.hidden(l)) {
      return shape.layer(l).neurons().numbers();
    }
    int count = 0;
    for (int u = 0; u < shape.stride(l); u++) {
      count += learning.clean.layer(l).slope().get(u) > 0 ? 1 : 0;
    }
    return count;
  }

  /** Returns layer l's rho over all examples, or NaN if the layer does not learn. */
  public double conflictRatio(int l) {
    return apart[l] == 0 ? Double.NaN : together[l] / apart[l];
  }

  /**
   * Returns the expected signal-to-noise ratio of layer l's change, or NaN if the rule does not
   * perturb the layer.
   */
  public double expectedSignalToNoise(int l) {
    return noise[l] > 0 ? Math.sqrt(together[l] / noise[l]) : Double.NaN;
  }

  /** Removes all examples. */
  public void begin() {
    Arrays.fill(together, 0);
    Arrays.fill(apart, 0);
    Arrays.fill(noise, 0);
  }
}
