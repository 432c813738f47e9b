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
 * <p>Other forms compare the pairs with a pass without noise ({@link ComparingWorker}); masks and p
 * below are that pass's, and u where there is one vector for all pairs. The output layer learns
 * from a signal o, {@code dW[L-1] = learning rate x output rate sum of o outer u[L-1]}, with O the
 * half difference of the members' logits:
 *
 * <pre>
 *   measured   o = classes / P  sum over pairs of  d O / (|O|^2 + 1e-6 sigma^2)
 *   error      o = onehot(label) - p
 * </pre>
 *
 * and only hidden layers are perturbed. With measured eligibility only the first one is, and each
 * hidden layer learns from the change of what it hands on, D = (x(+) - x(-)) / 2, its skip in it:
 *
 * <pre>
 *   e[l]   = mask[l] N[l]  sum over pairs of d D  /  (sum over pairs of |D|^2 + 1e-9)
 *   dW[l]  = learning rate  sum over examples of  e[l] outer u[l]
 * </pre>
 *
 * N being the active units of the first hidden layer, the width of the others. In deeper layers
 * that is biased by construction, as the measured output is: their mean is not the gradient.
 * Measured eligibility is after Dalm et al., arXiv 2310.00965.
 *
 * @param perturbations P, antithetic pairs of each example
 * @param noise the distribution; see {@link OrthogonalNoise} and {@link ShapedNoise}, which has an
 *     estimate of its own
 * @param gate which hidden neurons are perturbed
 * @param hiddenNoise factor on sigma for hidden neurons
 * @param outputNoise factor on sigma for output neurons
 * @param normaliseNoise whether layer l's update is divided by (sigma x its factor)^2, which makes
 *     its mean the gradient's estimate whatever the noise
 * @param eligibility what hidden layers learn from
 * @param outputSignal what the output layer learns from
 * @param outputRate factor on the learning rate of the output layer; 1 where its signal is noise
 * @param scope which outputs are perturbed, where any is
 */
public record Grlu(
    int perturbations,
    NoiseKind noise,
    Gate gate,
    double hiddenNoise,
    double outputNoise,
    boolean normaliseNoise,
    Eligibility eligibility,
    OutputSignal outputSignal,
    double outputRate,
    Scope scope)
    implements NoisyRule {

  /** One that perturbs all outputs, where it perturbs any. */
  public Grlu(
      int perturbations,
      NoiseKind noise,
      Gate gate,
      double hiddenNoise,
      double outputNoise,
      boolean normaliseNoise,
      Eligibility eligibility,
      OutputSignal outputSignal,
      double outputRate) {
    this(
        perturbations,
        noise,
        gate,
        hiddenNoise,
        outputNoise,
        normaliseNoise,
        eligibility,
        outputSignal,
        outputRate,
        Scope.ALL);
  }

  /** The rule as published. */
  public Grlu(
      int perturbations,
      NoiseKind noise,
      Gate gate,
      double hiddenNoise,
      double outputNoise,
      boolean normaliseNoise) {
    this(
        perturbations,
        noise,
        gate,
        hiddenNoise,
        outputNoise,
        normaliseNoise,
        Eligibility.INJECTED,
        OutputSignal.NOISE,
        1);
  }

  /** Whether layer {@code l} is perturbed. */
  boolean perturbs(NetworkShape shape, int l) {
    if (eligibility == Eligibility.MEASURED) {
      return l == 0 && shape.hidden(l);
    }
    return outputSignal == OutputSignal.NOISE || shape.hidden(l);
  }

  /** Whether it compares the pairs with a pass without noise. */
  boolean compares() {
    return noise == NoiseKind.ORTHOGONAL || outputSignal != OutputSignal.NOISE;
  }

  @Override
  public boolean pairsTogether() {
    return compares();
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    boolean ofNoise = shape.hidden(l) ? eligibility == Eligibility.INJECTED : signalIsNoise();
    return ofNoise && !shape.layer(l).readsImages() ? UpdateForm.MATRIX : UpdateForm.COEFFICIENTS;
  }

  private boolean signalIsNoise() {
    return outputSignal == OutputSignal.NOISE;
  }

  @Override
  public int passesPerExample() {
    return 2 * perturbations + (compares() ? 1 : 0);
  }

  @Override
  public int rewardsPerExample() {
    return 2 * perturbations;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    if (!shape.hidden(l) && !signalIsNoise()) {
      return learningRate * outputRate;
    }
    if (eligibility == Eligibility.MEASURED) {
      return learningRate;
    }
    double deviation = noiseScale * (shape.hidden(l) ? hiddenNoise : outputNoise);
    double scale = learningRate / perturbations;
    return normaliseNoise ? scale / (deviation * deviation) : scale;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    if (compares()) {
      return OnePairComparingWorker.does(this, shape)
          ? new OnePairComparingWorker(this, shape, grid, memory)
          : new ComparingWorker(this, shape, grid, memory);
    }
    return perturbations == 1
        ? new OnePairWorker(this, shape, memory)
        : new GrluWorker(this, shape, grid, memory);
  }
}
