package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.StreamKey;

/**
 * Direct feedback sends the output's error {@code e = onehot - softmax} to each hidden layer l
 * through a fixed random matrix B[l] (units x classes). The entries of B[l] are normal with
 * standard deviation {@code sqrt(1 / units)}. The inputs u[l] after layer norm and the masks are
 * those of the pass without noise:
 *
 * <pre>
 *   dW[l]   = learning rate  sum over examples of  (mask[l] B[l] e) outer u[l]       hidden layers
 *   dW[L-1] = learning rate x output rate  sum over examples of  e outer u[L-1]      the output's
 * </pre>
 *
 * The biases learn likewise, without u. The rule equals {@link LearnedFeedback} with feedback that
 * does not learn (Nokland, 2016, arXiv:1609.01596). Under top-k the mask uses the Gumbel draws of
 * GRLU's first perturbation.
 *
 * @param outputRate the factor on the output layer's learning rate
 */
public record DirectFeedback(double outputRate) implements LearningRule {
  @Override
  public int passesPerExample() {
    return 1;
  }

  @Override
  public int rewardsPerExample() {
    return 1;
  }

  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return shape.hidden(l) ? learningRate : learningRate * outputRate;
  }

  /** Returns the feedback matrices, with the names and the layout of {@link LearnedFeedback}. */
  @Override
  public State state(NetworkShape shape, long seed) {
    State state = State.NONE;
    long key = StreamKey.of(seed, StreamKey.Purpose.FIXED);
    int classes = shape.units(shape.depth() - 1);
    for (int l = 0; l < shape.depth() - 1; l++) {
      int stride = shape.stride(l);
      int units = shape.units(l);
      Floats feedback = Floats.of(classes * stride);
      float deviation = (float) StrictMath.sqrt(1.0 / units);
      for (int k = 0; k < classes; k++) {
        long row = StreamKey.child(StreamKey.child(key, l), k);
        Kernels.best().gaussian(row, deviation, feedback, k * stride, units);
      }
      List<Integer> size = List.of(classes, stride);
      state = state.and(LearnedFeedback.name(l), State.Reader.FIXED, size, feedback);
    }
    return state;
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return UpdateForm.COEFFICIENTS;
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new DirectFeedbackWorker(shape, grid.blockExamples(), memory);
  }
}
