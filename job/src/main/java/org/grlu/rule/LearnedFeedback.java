package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.NoiseKind;

/**
 * Learned feedback: node perturbation teaches each hidden layer how the output's error concerns it.
 * A hidden layer l has a feedback matrix B[l] (units x classes), zero at first. The pass without
 * noise gives the inputs u[l] after layer norm, the masks, and the output's error {@code e = onehot
 * - softmax}, which B[l] broadcasts:
 *
 * <pre>
 *   dW[l]   = learning rate  sum over examples of  (mask[l] B[l] e) outer u[l]       hidden layers
 *   dW[L-1] = learning rate x output rate  sum over examples of  e outer u[L-1]      the output's
 * </pre>
 *
 * and the biases likewise without u. Antithetic pairs, with noise on the hidden neurons that the
 * activation lets through, teach the feedback. With d half the difference of a pair's rewards and
 * q[l] = noise x mean gate, what was tried,
 *
 * <pre>
 *   delta   = d - sum over layers of q[l] (B[l] e)                       the reward prediction error
 *   dB[l]   = feedback rate / P  sum of  delta q[l] outer e / (|q|^2 (|e|^2 + 1e-3))
 * </pre>
 *
 * which is normalised least mean squares (Widrow and Hoff, 1960). That perturbation can teach
 * feedback weights is of Lansdell, Prakash and Kording (2020, arXiv:1906.00889); one scalar
 * prediction error that teaches all of them is this project's. B and W both change after the step,
 * from what they were before it. Under top-k all passes of an example share its Gumbel draws.
 *
 * <p>Chained, each layer has a prediction error of its own (temporal differences, Sutton, 1988).
 * With D[l] half the difference of what the pair's members put out at hidden layer l, and G = d at
 * the last one, going down:
 *
 * <pre>
 *   v       = D[l] (B[l] e)
 *   dB[l]   = feedback rate / P  sum of  (G - v) D[l] outer e / (|D[l]|^2 (|e|^2 + 1e-3))
 *   G      &lt;- lambda G + (1 - lambda) v - q[l] (B[l] e)
 * </pre>
 *
 * so that a scalar passes from layer to layer, and by logits one for each class.
 *
 * @param perturbations P, antithetic pairs of each example
 * @param noise the distribution
 * @param teacher what a pair tells the feedback
 * @param unbiased whether the hidden signal B[l] e gets the mean over pairs of {@code q[l] delta /
 *     sigma^2} more: then its mean is the gradient whatever B is
 * @param norm over which layers |q|^2 goes; not used where chained
 * @param chained whether each layer has a prediction error of its own
 * @param chainLambda lambda, 0 to 1; used where chained
 * @param outputRate the output layer's factor on the learning rate
 * @param feedbackRate of B; above 2, by layer of all layers together, it grows without end
 */
public record LearnedFeedback(
    int perturbations,
    NoiseKind noise,
    Teacher teacher,
    boolean unbiased,
    Norm norm,
    boolean chained,
    double chainLambda,
    double outputRate,
    double feedbackRate)
    implements NoisyRule {

  /** What a pair tells the feedback. */
  public enum Teacher {
    /** The reward prediction error. */
    REWARD,
    /**
     * A prediction error for each class k, of its logit: {@code delta[k] = (logit[k](+) -
     * logit[k](-)) / 2 - sum over layers of q[l] B[l][k]}, and {@code dB[l][k]} is the feedback
     * rate / P times {@code delta[k] q[l] / |q|^2}. B becomes the logits' Jacobian.
     */
    LOGITS
  }

  /** Over which layers |q|^2 goes. */
  public enum Norm {
    ALL,
    LAYER
  }

  /**
   * The name of hidden layer l's feedback in {@link State}: transposed, (classes x stride), as
   * products and updates run along units. The stride is the number of units, padded with zeros.
   */
  static String name(int l) {
    return "feedback_" + l;
  }

  /** By hidden layer. */
  static String[] names(NetworkShape shape) {
    return IntStream.range(0, shape.depth() - 1)
        .mapToObj(LearnedFeedback::name)
        .toArray(String[]::new);
  }

  @Override
  public double hiddenNoise() {
    return 1;
  }

  @Override
  public double outputNoise() {
    return 0;
  }

  /** Those of the pairs, and one without noise. */
  @Override
  public int passesPerExample() {
    return 2 * perturbations + 1;
  }

  @Override
  public int rewardsPerExample() {
    return 2 * perturbations;
  }

  /** The signal that hidden layers get is completed by all pairs of an example. */
  @Override
  public boolean pairsTogether() {
    return true;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return shape.hidden(l) ? learningRate : learningRate * outputRate;
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    State state = State.NONE;
    int last = shape.depth() - 1;
    for (int l = 0; l < last; l++) {
      List<Integer> size = List.of(shape.units(last), shape.stride(l));
      Floats zeros = Floats.of(shape.units(last) * shape.stride(l));
      state = state.and(name(l), State.Reader.LEAVES, size, zeros);
    }
    return state;
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.COEFFICIENTS;
  }

  /** What the feedback of each hidden layer learns. */
  @Override
  public List<Integer> ownSums(NetworkShape shape) {
    List<Integer> lengths = new ArrayList<>();
    int last = shape.depth() - 1;
    for (int l = 0; l < last; l++) {
      lengths.add(shape.units(last) * shape.stride(l));
    }
    return lengths;
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    StepUpdate ofWeights = new WeightUpdate(shape, this, grid, memory);
    return new LearnedFeedbackUpdate(ofWeights, names(shape), this);
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new LearnedFeedbackWorker(this, shape, grid.blockExamples(), memory);
  }
}
