package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;

/**
 * Hebbian learning, traditional and differential. The layers are told one scalar. Each layer l
 * learns
 *
 * <pre>
 *   dW[l] = learning rate  sum over examples of  s[l] outer u[l],    db[l] likewise without u
 * </pre>
 *
 * where u is the layer's input after layer norm in the rewarded pass. With h the output of a hidden
 * layer's activation (without the skip connection), p the softmax of the logits, {@code R =
 * log(p[label] + 1e-10)}, and Rbar the running mean of R over steps:
 *
 * <pre>
 *   variant          s of a hidden layer               s of the output layer
 *   reward-post      (R - Rbar) h                      (R - Rbar) p
 *   sampled-winner   (R - Rbar) h                      (R - Rbar) onehot(k),   k drawn from p
 *   noisy-post       (R - Rbar) (h + xi) / sigma^2     (R - Rbar) (p + xi) / sigma^2
 *   noise-only       (R - Rbar) xi / sigma^2           (R - Rbar) xi / sigma^2
 *   one-sided        (R - r0) xi / sigma^2             (R - r0) xi / sigma^2
 *   clamped          0                                 onehot(label)
 * </pre>
 *
 * <p>In noisy-post, noise-only and one-sided, the rewarded pass adds noise xi to every neuron's
 * output. Its standard deviation is {@code sigma = noise scale x factor}, and xi is 0 at silent
 * hidden neurons. The values of u, h, p and R all belong to the rewarded pass, and p includes the
 * noise on the logits. These three variants draw the same noise and run the same rewarded pass.
 * Noisy-post also uses the activity. One-sided compares with r0, the reward of the example's pass
 * without noise, which has the same Gumbel draws under top-k. The other variants have no noise. In
 * sampled-winner, R is 1 if the winner k is the label, else 0.
 *
 * <p>Rbar is part of the rule's state and starts at 0. A step first reads it, then changes it by
 * {@code Rbar += 0.01 (mean R of the step - Rbar)}.
 *
 * <p>The product of pre- and postsynaptic activity is from Hebb (1949). Noise-only is node
 * perturbation with a running baseline (Williams, 1992). One-sided is node perturbation with the
 * noiseless reward as the baseline (Werfel, Xie and Seung, 2005).
 *
 * @param variant the row of the table that gives s
 * @param noise the distribution of the noise, in variants that have noise
 * @param hiddenNoise the factor on sigma for hidden neurons
 * @param outputNoise the factor on sigma for output neurons
 */
public record Hebbian(Variant variant, NoiseKind noise, double hiddenNoise, double outputNoise)
    implements NoisyRule {
  /** The name of Rbar in {@link State}. */
  static final String MEAN_REWARD = "mean_reward";

  /** The share of the difference by which Rbar moves to the mean reward of a step. */
  private static final double FOLLOWS = 0.01;

  /** The choice of the signal s, as the table says. */
  public enum Variant {
    REWARD_POST,
    SAMPLED_WINNER,
    NOISY_POST,
    NOISE_ONLY,
    ONE_SIDED,
    CLAMPED;

    /** Returns whether the rewarded pass has noise. */
    boolean perturbs() {
      return this == NOISY_POST || this == NOISE_ONLY || this == ONE_SIDED;
    }

    /** Returns whether s contains the activity of the neuron, not only the noise on it. */
    boolean hasPost() {
      return this != NOISE_ONLY && this != ONE_SIDED;
    }

    /** Returns whether the reward is compared with its running mean. */
    boolean hasMean() {
      return this != ONE_SIDED && this != CLAMPED;
    }
  }

  @Override
  public int perturbations() {
    return 1;
  }

  @Override
  public int passesPerExample() {
    return variant == Variant.ONE_SIDED ? 2 : 1;
  }

  @Override
  public int rewardsPerExample() {
    return 1;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    double deviation = noiseScale * (shape.hidden(l) ? hiddenNoise : outputNoise);
    return variant.perturbs() ? learningRate / (deviation * deviation) : learningRate;
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    return variant.hasMean()
        ? State.NONE.and(MEAN_REWARD, State.Reader.LEAVES, List.of(1), Floats.of(1))
        : State.NONE;
  }

  /**
   * Returns a matrix for layers whose input contains noise, because coefficients stand for outer
   * products with the unperturbed input.
   */
  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    if (variant == Variant.CLAMPED && shape.hidden(l)) {
      return UpdateForm.NONE;
    }
    return variant.perturbs() && !shape.layer(l).readsImages()
        ? UpdateForm.MATRIX
        : UpdateForm.COEFFICIENTS;
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    StepUpdate ofWeights = new WeightUpdate(shape, this, grid, memory);
    if (!variant.hasMean()) {
      return ofWeights;
    }
    return (step, sums, perturbations, weights) -> {
      ofWeights.apply(step, sums, perturbations, weights);
      double total = 0;
      for (int e = 0; e < grid.batch(); e++) {
        total += sums.ofExamples().get(e);
      }
      Floats mean = weights.state().array(MEAN_REWARD);
      mean.set(0, (float) (mean.get(0) + FOLLOWS * (total / grid.batch() - mean.get(0))));
    };
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new HebbianWorker(this, shape, grid.blockExamples(), memory);
  }
}
