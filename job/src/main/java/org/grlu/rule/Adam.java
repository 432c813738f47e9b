package org.grlu.rule;

import java.util.List;
import java.util.Set;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/**
 * Wraps a rule and changes the weights by Adam (Kingma and Ba, 2015, arXiv:1412.6980). With g the
 * rule's estimate of the gradient, and t the number of the step from 1:
 *
 * <pre>
 *   m  =  0.9 m + 0.1 g
 *   v  =  0.999 v + 0.001 g^2
 *   W +=  learning rate  (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8)
 * </pre>
 *
 * <p>Adam changes every weight at every step. The update keeps the moments m and v as state. Leaves
 * do not read them.
 *
 * @param estimator a rule whose update is {@code W += learning rate x g}. The update must not read
 *     the weights and must not change state
 */
public record Adam(LearningRule estimator) implements LearningRule {
  /** Returns the name in {@link State} of m of layer l, (rows of its weights x stride). */
  static String mean(int l) {
    return "adam_mean_" + l;
  }

  /** Returns the name in {@link State} of v of layer l, (rows of its weights x stride). */
  static String square(int l) {
    return "adam_square_" + l;
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    State state = estimator.state(shape, seed);
    for (int l = 0; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      List<Integer> size = List.of(layer.rows(), layer.stride());
      for (String name : List.of(mean(l), square(l))) {
        state = state.and(name, State.Reader.UPDATE, size, Floats.of(layer.length()));
      }
    }
    return state;
  }

  /**
   * Returns the estimator's factor for the learning rate 1, so that the sums become the estimate g
   * itself.
   */
  @Override
  public double scale(
      NetworkShape shape, int l, double learningRate, double noiseScale, int batch) {
    return estimator.scale(shape, l, 1, noiseScale, batch);
  }

  @Override
  public StepUpdate update(NetworkShape shape, LeafGrid grid, Arena memory) {
    return new AdamUpdate(shape, estimator.update(shape, grid, memory), memory);
  }

  @Override
  public int perturbations() {
    return estimator.perturbations();
  }

  @Override
  public boolean pairsTogether() {
    return estimator.pairsTogether();
  }

  @Override
  public boolean sharesNoise() {
    return estimator.sharesNoise();
  }

  @Override
  public int passesPerExample() {
    return estimator.passesPerExample();
  }

  @Override
  public int rewardsPerExample() {
    return estimator.rewardsPerExample();
  }

  @Override
  public UpdateForm form(NetworkShape shape, int l) {
    return estimator.form(shape, l);
  }

  @Override
  public List<Integer> ownSums(NetworkShape shape) {
    return estimator.ownSums(shape);
  }

  @Override
  public Set<StepRewards> returns() {
    return estimator.returns();
  }

  @Override
  public Worker worker(NetworkShape shape, LeafGrid grid, Arena memory) {
    return estimator.worker(shape, grid, memory);
  }
}
