package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.noise.NoiseKind;

/**
 * Global Reward, Local Updates. The rule adds noise to every neuron's output, {@code x[l+1] =
 * f(W[l] u[l] + b[l]) + s noise[l]}, where u is the layer's input after layer norm. The network
 * runs twice, with s = +1 and s = -1 (an antithetic pair). The reward is the log-probability of the
 * right label, {@code r = log(softmax(x[L])[label] + 1e-10)}. Each layer learns from its own noise
 * and input and from the reward difference:
 *
 * <pre>
 *   d      = (r(+) - r(-)) / 2
 *   dW[l]  = learning rate / P  sum over examples and perturbations of  (noise[l] gate[l] d) outer u[l]
 *   db[l]  = learning rate / P  sum of  noise[l] gate[l] d
 * </pre>
 *
 * where u and gate are means over the pair. The rule is node perturbation (Williams, "Simple
 * statistical gradient-following algorithms", 1992) with antithetic pairs, as the GRLU program
 * publishes it. The gate is this project's addition. {@link GrluWorker} computes the sums of
 * several pairs, {@link OnePairWorker} those of one pair.
 *
 * <p>Other forms also run a pass without noise ({@link ComparingWorker}). The masks and the softmax
 * p below are those of that pass, and so is u where all pairs share one vector u. The output layer
 * learns from a signal o, {@code dW[L-1] = learning rate x output rate sum of o outer u[L-1]}. With
 * O half the difference of a pair's logits, o is one of
 *
 * <pre>
 *   measured   o = classes / P  sum over pairs of  d O / (|O|^2 + 1e-6 sigma^2)
 *   error      o = onehot(label) - p
 * </pre>
 *
 * and only hidden layers are perturbed. With measured eligibility, only the first hidden layer is
 * perturbed. Each hidden layer then learns from the change of its output, D = (x(+) - x(-)) / 2,
 * skip connection included:
 *
 * <pre>
 *   e[l]   = mask[l] N[l]  sum over pairs of d D  /  (sum over pairs of |D|^2 + 1e-9)
 *   dW[l]  = learning rate  sum over examples of  e[l] outer u[l]
 * </pre>
 *
 * where N[l] is the number of active units in the first hidden layer, and the number of units in
 * the others. In deeper layers this estimate is biased by construction, as the measured output
 * signal is: its mean is not the gradient. Measured eligibility follows Dalm et al., arXiv
 * 2310.00965.
 *
 * @param perturbations P, the number of antithetic pairs of each example
 * @param noise the distribution of the noise; see {@link OrthogonalNoise}, and {@link ShapedNoise}
 *     for its own estimate
 * @param gate which hidden neurons are perturbed
 * @param hiddenNoise the factor on sigma for hidden neurons
 * @param outputNoise the factor on sigma for output neurons
 * @param normaliseNoise whether each layer's update is divided by (sigma x the layer's factor)^2,
 *     so that its mean estimates the gradient at any noise scale
 * @param eligibility what hidden layers learn from
 * @param outputSignal what the output layer learns from
 * @param outputRate the factor on the output layer's learning rate; 1 if its signal is noise
 * @param scope which output neurons are perturbed, if the output layer is perturbed at all
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

  /** Creates the rule with {@link Scope#ALL}. */
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

  /** Creates the rule as published: with injected eligibility and noise as the output signal. */
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

  /** Returns whether layer {@code l} is perturbed. */
  boolean perturbs(NetworkShape shape, int l) {
    if (eligibility == Eligibility.MEASURED) {
      return l == 0 && shape.hidden(l);
    }
    return outputSignal == OutputSignal.NOISE || shape.hidden(l);
  }

  /** Returns whether the rule compares the pairs with a pass without noise. */
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
