package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Weight perturbation: antithetic pairs with noise on every weight and bias (Jabri and Flower,
 * 1992; Cauwenberghs, 1993). Each example has its own noise. With d half the difference of a pair's
 * rewards and E standard normal,
 *
 * <pre>
 *   d      = (r(W + sigma E) - r(W - sigma E)) / 2
 *   dW[l]  = learning rate / (P sigma)  sum over examples and pairs of  d E[l]
 * </pre>
 *
 * The biases learn likewise. The rule differs from node perturbation, {@link Grlu}, in that all
 * weights of a neuron have independent noise. Under top-k, all passes of an example share its
 * Gumbel draws.
 *
 * <p>Each pair of an example costs one normal number for each weight. Pixels that are zero need
 * noise too, because layer norm gives them a value and their weights learn. Only the two members'
 * products with the first layer are limited to non-zero pixels. They use sums over the rows of the
 * noise.
 *
 * @param perturbations P, the number of antithetic pairs of each example
 */
public record WeightPerturbation(int perturbations) implements NoisyRule {
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

  /**
   * Returns a matrix for all layers, because the update is not an outer product even in the layer
   * that reads images.
   */
  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.MATRIX;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new WeightPerturbationWorker(shape, memory);
  }
}
