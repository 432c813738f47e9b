package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Global Reward, Local Updates. Every neuron's output is perturbed with noise, {@code x[l+1] =
 * f(W[l] u[l] + b[l]) + s noise[l]}, where u is the layer's input after layer norm; the network
 * runs twice, with s = +1 and s = -1 (an antithetic pair); the reward is the log-probability of the
 * right label, {@code r = log(softmax(x[L])[label] + 1e-10)}; and each layer learns from what it
 * can see:
 *
 * <pre>
 *   d      = (r(+) - r(-)) / 2
 *   dW[l]  = learning rate / P  sum over examples and perturbations of  (noise[l] gate[l] d) outer u[l]
 *   db[l]  = learning rate / P  sum of  noise[l] gate[l] d
 * </pre>
 *
 * with u and gate the means over the pair. It is node perturbation (Williams, "Simple statistical
 * gradient-following algorithms", 1992) with antithetic pairs, as the GRLU program publishes it;
 * the gate is this project's. {@link GrluWorker} does the work, {@link OnePairWorker} where there
 * is one pair.
 *
 * @param perturbations P, antithetic pairs of each example
 * @param noise the distribution
 * @param gate which hidden neurons are perturbed
 * @param hiddenNoise factor on sigma for hidden neurons
 * @param outputNoise factor on sigma for output neurons
 * @param normaliseNoise whether layer l's update is divided by (sigma x its factor)^2, which makes
 *     its mean the gradient's estimate whatever the noise
 */
public record Grlu(
    int perturbations,
    NoiseKind noise,
    Gate gate,
    double hiddenNoise,
    double outputNoise,
    boolean normaliseNoise)
    implements NoisyRule {

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
    double deviation = noiseScale * (shape.hidden(l) ? hiddenNoise : outputNoise);
    double scale = learningRate / perturbations;
    return normaliseNoise ? scale / (deviation * deviation) : scale;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return perturbations == 1
        ? new OnePairWorker(this, shape, memory)
        : new GrluWorker(this, shape, grid, memory);
  }
}
