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
 * What feedback is sent to in a network of several kinds of layers: each hidden layer that learns
 * is a stage, of a recurrent layer each step. A stage's feedback is (classes x span) of its layer's
 * array, {@link LearnedFeedback#name}, which is (stages x classes) x span.
 *
 * @param layer its number
 * @param at where its neurons start among those of the layer
 * @param span neurons, padded
 * @param numbers neurons, padding not among them
 * @param feedbackAt where its feedback starts in the layer's array
 */
record FeedbackStage(int layer, int at, int span, int numbers, int feedbackAt) {
  /** All stages, in the order of the pass. */
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

  /** A feedback array for each layer that has stages, all zero. */
  static Map<Integer, Floats> arrays(NetworkShape shape) {
    Map<Integer, Floats> arrays = new TreeMap<>();
    int classes = shape.units(shape.depth() - 1);
    for (FeedbackStage stage : of(shape)) {
      arrays.computeIfAbsent(
          stage.layer, l -> Floats.of(shape.layer(l).steps() * classes * stage.span));
    }
    return arrays;
  }

  /** Rule's state of such arrays. */
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
