package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Whether the neurons that share weights agree on how to change them, in a network of several kinds
 * of layers. With g[s] the reward's gradient by the pre-activations of position or step s, and u[s]
 * what these neurons read, the conflict ratio of a layer is
 *
 * <pre>
 *   rho = |sum_s g[s] outer u[s]|^2 / sum_s |g[s]|^2 |u[s]|^2
 * </pre>
 *
 * below 1 where they are in conflict, above 1 where they agree, 1 where each has weights of its
 * own. From P antithetic pairs node perturbation estimates the layer's change with a signal to
 * noise of about {@code sqrt(P rho f / N)}, N being its perturbed neurons and f their share of the
 * square of the gradient by all that is perturbed. Of several examples the squares of signal and of
 * noise are added up.
 */
public final class SharedWeights {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final MixedGrlu grlu;
  private final MixedLearning learning;
  private final Floats error;
  private final Floats[] change;

  // sums over examples, by layer
  private final double[] together;
  private final double[] apart;
  private final double[] noise;

  /**
   * @param rule whose signal to noise is told, where it perturbs neurons to learn from the noise
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
   * Takes an example into account.
   *
   * @param batch Not modified. Holds it alone
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

  /** The square of a layer's gradient by its neurons. */
  private double square(int l) {
    return squares(learning.signal[l], shape.stride(l));
  }

  /** The square of a layer's noise scale, in sigmas. */
  private double power(int l) {
    double factor = shape.hidden(l) ? grlu.hiddenNoise() : grlu.outputNoise();
    double noise = factor * shape.layer(l).noise();
    return noise * noise;
  }

  /** How many of a layer's neurons are perturbed. */
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

  /** Layer l's rho over all examples; NaN where it does not learn. */
  public double conflictRatio(int l) {
    return apart[l] == 0 ? Double.NaN : together[l] / apart[l];
  }

  /** What its signal to noise should be; NaN where the rule does not learn from noise on it. */
  public double expectedSignalToNoise(int l) {
    return noise[l] > 0 ? Math.sqrt(together[l] / noise[l]) : Double.NaN;
  }

  /** Forgets all examples. */
  public void begin() {
    Arrays.fill(together, 0);
    Arrays.fill(apart, 0);
    Arrays.fill(noise, 0);
  }
}
