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
 * Learned feedback: node perturbation teaches each hidden layer how its neurons affect the output's
 * error. Hidden layer l has a feedback matrix B[l] (units x classes), which starts at zero. The
 * pass without noise gives the inputs u[l] after layer norm, the masks, and the output's error
 * {@code e = onehot - softmax}. B[l] sends this error to the layer:
 *
 * <pre>
 *   dW[l]   = learning rate  sum over examples of  (mask[l] B[l] e) outer u[l]       hidden layers
 *   dW[L-1] = learning rate x output rate  sum over examples of  e outer u[L-1]      the output's
 * </pre>
 *
 * The biases learn likewise, without u. Antithetic pairs teach the feedback. Their noise is on the
 * hidden neurons that the activation lets through. With d half the difference of a pair's rewards,
 * and q[l] = noise x mean gate the noise that reached layer l's output,
 *
 * <pre>
 *   delta   = d - sum over layers of q[l] (B[l] e)                       the reward prediction error
 *   dB[l]   = feedback rate / P  sum of  delta q[l] outer e / (|q|^2 (|e|^2 + 1e-3))
 * </pre>
 *
 * This is normalised least mean squares (Widrow and Hoff, 1960). Lansdell, Prakash and Kording
 * (2020, arXiv:1906.00889) showed that perturbation can teach feedback weights. The single scalar
 * prediction error, which teaches all feedback matrices, is this project's addition. B and W change
 * together at the end of the step. Both changes are computed from the values before the step. Under
 * top-k, all passes of an example share its Gumbel draws.
 *
 * <p>In the chained form, each layer has its own prediction error (temporal differences, Sutton,
 * 1988). D[l] is half the difference of the pair's outputs at hidden layer l. G starts as d at the
 * last hidden layer and is passed down from layer to layer:
 *
 * <pre>
 *   v       = D[l] (B[l] e)
 *   dB[l]   = feedback rate / P  sum of  (G - v) D[l] outer e / (|D[l]|^2 (|e|^2 + 1e-3))
 *   G      &lt;- lambda G + (1 - lambda) v - q[l] (B[l] e)
 * </pre>
 *
 * G is one scalar if the reward is the teacher, and one number for each class if the logits are.
 *
 * @param perturbations P, the number of antithetic pairs of each example
 * @param noise the distribution of the noise
 * @param teacher what a pair tells the feedback
 * @param unbiased whether the mean over pairs of {@code q[l] delta / sigma^2} is added to the
 *     hidden signal B[l] e; the mean of the signal is then the gradient for any B
 * @param norm the layers over which |q|^2 is summed; not used in the chained form
 * @param chained whether each layer has its own prediction error
 * @param chainLambda lambda, 0 to 1; used in the chained form only
 * @param outputRate the factor on the output layer's learning rate
 * @param feedbackRate the learning rate of B. B grows without bound if the rate is above 2, or,
 *     with {@link Norm#LAYER}, if the rate times the number of hidden layers is above 2
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

  /** What a pair of passes tells the feedback. */
  public enum Teacher {
    /** The reward prediction error delta, one scalar for all layers. */
    REWARD,
    /**
     * One prediction error for each class k, which is that of its logit: {@code delta[k] =
     * (logit[k](+) - logit[k](-)) / 2 - sum over layers of q[l] B[l][k]}, and {@code dB[l][k]} is
     * the feedback rate / P times {@code delta[k] q[l] / |q|^2}. B[l] approaches the Jacobian of
     * the logits.
     */
    LOGITS
  }

  /** The layers over which |q|^2 is summed. */
  public enum Norm {
    /** All hidden layers. */
    ALL,
    /** The layer whose feedback learns. */
    LAYER
  }

  /**
   * Returns the name of hidden layer l's feedback in {@link State}. The array is B[l] transposed,
   * (classes x stride), because products and updates run along units. The stride is the number of
   * units, padded with zeros.
   */
  static String name(int l) {
    return "feedback_" + l;
  }

  /** Returns the names of all feedback arrays, by hidden layer. */
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

  /** Returns the number of the pairs' passes and one more, which is without noise. */
  @Override
  public int passesPerExample() {
    return 2 * perturbations + 1;
  }

  @Override
  public int rewardsPerExample() {
    return 2 * perturbations;
  }

  /** Returns true, because all pairs of an example add to the signal of its hidden layers. */
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

  /** Returns one length, (classes x stride), for the feedback update of each hidden layer. */
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
