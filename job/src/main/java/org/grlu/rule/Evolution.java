package org.grlu.rule;

import java.util.EnumSet;
import java.util.Set;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Evolution strategies: antithetic pairs of noise on all weights and biases, the same for all
 * examples of the step (Rechenberg, 1973; Salimans et al., 2017, arXiv:1703.03864). With r the mean
 * log reward over the step's examples, the fitness of pair i and what all layers learn are
 *
 * <pre>
 *   f[i]   = (r(W + sigma E[i]) - r(W - sigma E[i])) / 2
 *   dW[l]  = learning rate / (P sigma)  sum over i of  shaped(f)[i] E[i][l]
 * </pre>
 *
 * and the biases likewise. E is standard normal for each weight, or of rank one, {@code E[i][l] = a
 * outer b} with a and b standard normal (EGGROLL: Sarkar et al., 2025, arXiv:2511.16652); biases
 * have numbers of their own in both. Under top-k all passes of an example share its Gumbel draws.
 *
 * <p>Leaves return each pass's sum of rewards and nothing else, whatever the network's size; the
 * noise is drawn again for the update.
 *
 * @param perturbations P, pairs of each step
 * @param noiseForm what the weights' noise is made of
 * @param shaping what becomes of the fitness before the update
 */
public record Evolution(int perturbations, Noise noiseForm, Shaping shaping) implements NoisyRule {
  /** The form of E. */
  public enum Noise {
    RANK_ONE,
    FULL
  }

  /** What becomes of the fitness of all pairs. */
  public enum Shaping {
    NONE,
    SIGN,
    /** Ranks from 0, equal ones in the order of pairs, over P - 1, less a half. */
    RANK
  }

  @Override
  public NoiseKind noise() {
    return NoiseKind.GAUSSIAN;
  }

  @Override
  public double hiddenNoise() {
    return 1;
  }

  @Override
  public double outputNoise() {
    return 1;
  }

  @Override
  public boolean sharesNoise() {
    return true;
  }

  @Override
  public int passesPerExample() {
    return 2 * perturbations;
  }

  @Override
  public int rewardsPerExample() {
    return 2 * perturbations;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return learningRate / (perturbations * noiseScale);
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.NONE;
  }

  @Override
  public Set<StepRewards> returns() {
    return EnumSet.of(StepRewards.OF_PERTURBATIONS);
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new EvolutionUpdate(this, shape, grid, memory);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return noiseForm == Noise.RANK_ONE
        ? new RankOneWorker(shape, grid, memory)
        : new FullNoiseWorker(shape, grid, memory);
  }
}
