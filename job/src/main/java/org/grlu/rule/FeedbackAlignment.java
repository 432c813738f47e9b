package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.StreamKey;

/**
 * Feedback alignment (Lillicrap, Cownden, Tweed and Akerman, 2016, arXiv:1411.0247). The rule is
 * {@link Backprop}, except that a fixed random matrix takes the place of each layer's weights on
 * the gradient's way back. The matrix has the distribution of the initial weights. During training,
 * the weights come to agree with it.
 */
public record FeedbackAlignment() implements BackwardRule {
  /**
   * Returns the name in {@link State} of the matrix that takes the place of layer l's weights. It
   * has the layout of the weights.
   */
  static String name(int l) {
    return "backward_" + l;
  }

  @Override
  public State state(NetworkShape shape, long seed) {
    State state = State.NONE;
    long key = StreamKey.of(seed, StreamKey.Purpose.FIXED);
    for (int l = 1; l < shape.depth(); l++) {
      Layer layer = shape.layer(l);
      Floats matrix = Floats.of(layer.length());
      layer.initialise(matrix, StreamKey.child(key, l));
      List<Integer> size = List.of(layer.rows(), layer.stride());
      state = state.and(name(l), State.Reader.FIXED, size, matrix);
    }
    return state;
  }

  @Override
  public Backward backward(NetworkShape shape, Arena memory) {
    return (weights, l) -> weights.state().array(name(l));
  }
}
