package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;

/**
 * Hebbian learning, traditional and differential, told one scalar: each layer l learns
 *
 * <pre>
 *   dW[l] = learning rate  sum over examples of  s[l] outer u[l],    db[l] likewise without u
 * </pre>
 *
 * u being the layer's input after layer norm in the pass that is rewarded. With h the activity of a
 * hidden neuron after the activation (without its skip), p the softmax of the logits, {@code R =
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
 * <p>In noisy-post, noise-only and one-sided the rewarded pass has noise xi on what every neuron
 * puts out, of standard deviation {@code sigma = noise scale x factor}; xi is 0 where a hidden
 * neuron is silent. All of u, h, p and R are of that pass, p with the noise on the logits. Noise
 * and passes of the three are the same: noisy-post has the activity besides, one-sided compares
 * with r0, the reward of the example's pass without noise (under top-k with the same Gumbel draws).
 * In the others the pass has no noise. The R of sampled-winner is 1 where the winner is the label,
 * else 0.
 *
 * <p>Rbar is state, 0 at first: a step reads it, then {@code Rbar += 0.01 (mean R of the step -
 * Rbar)}.
 *
 * <p>Pre times post is Hebb's (1949). Noise-only is node perturbation with a running baseline
 * (Williams, 1992), one-sided with the noiseless one (Werfel, Xie and Seung, 2005).
 *
 * @param variant what a layer learns
 * @param noise the distribution, of variants with noise
 * @param hiddenNoise factor on sigma for hidden neurons
 * @param outputNoise factor on sigma for output neurons
 */
public record Hebbian(Variant variant, NoiseKind noise, double hiddenNoise, double outputNoise)
    implements NoisyRule {
  /** The name of Rbar in {@link State}. */
  static final String MEAN_REWARD = "mean_reward";

  private static final double FOLLOWS = 0.01;

  /** What a layer learns. */
  public enum Variant {
    REWARD_POST,
    SAMPLED_WINNER,
    NOISY_POST,
    NOISE_ONLY,
    ONE_SIDED,
    CLAMPED;

    /** Whether the rewarded pass has noise. */
    boolean perturbs() {
      return this == NOISY_POST || this == NOISE_ONLY || this == ONE_SIDED;
    }

    /** Whether what a neuron does counts, beside the noise on it. */
    boolean hasPost() {
      return this != NOISE_ONLY && this != ONE_SIDED;
    }

    /** Whether rewards are compared with their running mean. */
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

  /** With noise, the input of deeper layers is not that of the unperturbed pass. */
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
