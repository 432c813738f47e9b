package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grlu.math.Floats;
import org.grlu.network.Extent;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/**
 * A group of neurons that gets its own feedback in a network with several kinds of layers. Each
 * hidden layer that learns is one stage. A recurrent layer has one stage for each time step. A
 * stage's feedback is a matrix (classes x span). It is part of its layer's array {@link
 * LearnedFeedback#name}, which is ((stages x classes) x span).
 *
 * @param layer the number of the layer
 * @param at the position of the stage's first neuron among those of the layer
 * @param span the number of neurons, padding included
 * @param numbers the number of neurons, without padding
 * @param feedbackAt the position in the layer's array where the stage's feedback starts
 */
record FeedbackStage(int layer, int at, int span, int numbers, int feedbackAt) {
  /** Returns all stages of a network, in the order of the pass. */
  static List<FeedbackStage> of(NetworkShape shape) {
    List<FeedbackStage> stages = new ArrayList<>();
    int classes = shape.units(shape.depth() - 1);
    for (int l = 0; l < shape.depth() - 1; l++) {
      if (shape.learns(l) && shape.units(l) > 0) {
        Extent neurons = shape.layer(l).neurons();
        int count = shape.layer(l).steps();
        int span = shape.stride(l) / count;
        for (int s = 0; s < count; s++) {
          stages.add(
              new FeedbackStage(l, s * span, span, neurons.numbers() / count, s * classes * span));
        }
      }
    }
    return stages;
  }

  /**
   * Returns a new feedback array of zeros for each layer that has stages, by the layer's number.
   */
  static Map<Integer, Floats> arrays(NetworkShape shape) {
    Map<Integer, Floats> arrays = new TreeMap<>();
    int classes = shape.units(shape.depth() - 1);
    for (FeedbackStage stage : of(shape)) {
      arrays.computeIfAbsent(
          stage.layer, l -> Floats.of(shape.layer(l).steps() * classes * stage.span));
    }
    return arrays;
  }

  /**
   * Returns a state that holds such arrays under the names {@link LearnedFeedback#name}.
   *
   * @param arrays by the layer's number; the state holds the arrays themselves
   */
  static State state(NetworkShape shape, Map<Integer, Floats> arrays, State.Reader reader) {
    State state = State.NONE;
    int classes = shape.units(shape.depth() - 1);
    for (Map.Entry<Integer, Floats> entry : arrays.entrySet()) {
      int rows = shape.layer(entry.getKey()).steps() * classes;
      List<Integer> size = List.of(rows, entry.getValue().length() / rows);
      state = state.and(LearnedFeedback.name(entry.getKey()), reader, size, entry.getValue());
    }
    return state;
  }
}
