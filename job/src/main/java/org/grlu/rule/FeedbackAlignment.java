package org.grlu.rule;

import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;
import org.grlu.noise.StreamKey;

/**
 * Feedback alignment: {@link Backprop}, but that on its way back the gradient is multiplied with a
 * fixed random matrix in place of each layer's weights, of the distribution that these begin with.
 * The weights come to agree with it (Lillicrap, Cownden, Tweed and Akerman, 2016, arXiv:1411.0247).
 */
public record FeedbackAlignment() implements BackwardRule {
  /** The name of what stands for layer l's weights, in {@link State}: laid out as they are. */
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
