package org.grlu.rule;

import java.util.EnumSet;
import java.util.Set;
import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Evolution strategies: antithetic pairs of noise on all weights and biases (Rechenberg, 1973;
 * Salimans et al., 2017, arXiv:1703.03864). All examples of a step share the noise. With r the mean
 * reward over the step's examples, the fitness of pair i and the update of layer l are
 *
 * <pre>
 *   f[i]   = (r(W + sigma E[i]) - r(W - sigma E[i])) / 2
 *   dW[l]  = learning rate / (P sigma)  sum over i of  shaped(f)[i] E[i][l]
 * </pre>
 *
 * The biases learn likewise. E either has an independent standard normal number for each weight, or
 * is of rank one: {@code E[i][l] = a outer b} with a and b standard normal (EGGROLL: Sarkar et al.,
 * 2025, arXiv:2511.16652). Biases have their own standard normal numbers in both forms. Under
 * top-k, all passes of an example share its Gumbel draws.
 *
 * <p>Leaves return rewards only: each example's, and each pass's sum. What they return therefore
 * does not grow with the network. The update draws the noise again.
 *
 * @param perturbations P, the number of antithetic pairs of each step
 * @param noiseForm the form of the noise E on the weights
 * @param shaping the function of the fitness that the update uses
 */
public record Evolution(int perturbations, Noise noiseForm, Shaping shaping) implements NoisyRule {
  /** The form of the noise E on a layer's weights. */
  public enum Noise {
    /** The outer product of two vectors. */
    RANK_ONE,
    /** An independent number for each weight. */
    FULL
  }

  /** The function that replaces the fitness of all pairs before the update. */
  public enum Shaping {
    /** The fitness itself. */
    NONE,
    /** The sign of each pair's fitness. */
    SIGN,
    /**
     * The pair's rank, from 0, divided by P - 1, minus one half. Pairs of equal fitness rank in the
     * order of their numbers.
     */
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
