package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Weight perturbation: antithetic pairs with noise on every weight and bias, drawn for each example
 * (Jabri and Flower, 1992; Cauwenberghs, 1993). With d half the difference of a pair's log rewards
 * and E standard normal,
 *
 * <pre>
 *   d      = (r(W + sigma E) - r(W - sigma E)) / 2
 *   dW[l]  = learning rate / (P sigma)  sum over examples and pairs of  d E[l]
 * </pre>
 *
 * and the biases likewise. It differs from node perturbation, {@link Grlu}, by what it does not
 * know: that a neuron's inputs share its noise. Under top-k all passes of an example share its
 * Gumbel draws.
 *
 * <p>An example's pair costs a normal number for each weight, whatever ink there is: the pixels
 * without ink have, after layer norm, a value too, and their weights learn. What depends on inked
 * pixels alone is the two members' product with the first layer, by the sums of the noise's rows.
 *
 * @param perturbations P, pairs of each example
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

  /** Also of the layer that reads images: its update is no outer product. */
  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.MATRIX;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new WeightPerturbationWorker(shape, memory);
  }
}
