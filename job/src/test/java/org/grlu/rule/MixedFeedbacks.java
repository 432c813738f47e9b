package org.grlu.rule;

import java.util.List;
import java.util.stream.IntStream;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.network.Extent;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/** Feedback in networks of several kinds of layers, by stage, neuron and class. */
final class MixedFeedbacks {
  private MixedFeedbacks() {}

  static double[][][] random(NetworkShape shape) {
    int classes = shape.units(shape.depth() - 1);
    List<FeedbackStage> stages = FeedbackStage.of(shape);
    double[][][] feedback = new double[stages.size()][][];
    for (int s = 0; s < feedback.length; s++) {
      feedback[s] = new double[stages.get(s).numbers()][];
      for (int j = 0; j < feedback[s].length; j++) {
        float[] row = TestData.normals(1000L * s + j, classes);
        feedback[s][j] =
            IntStream.range(0, classes).mapToDouble(k -> (double) (0.3f * row[k])).toArray();
      }
    }
    return feedback;
  }

  /** Where a stage's number for a neuron and a class is in its layer's array. */
  private static int place(NetworkShape shape, FeedbackStage stage, int j, int k) {
    Extent neurons = shape.layer(stage.layer()).neurons();
    // a stage is whole positions, so that its neurons lie as the first ones of the layer do
    return stage.feedbackAt() + k * stage.span() + neurons.place(j);
  }

  /** The state that holds such feedback; none where the rule has none. */
  static State state(NetworkShape shape, LearningRule rule, double[][][] feedback) {
    State state = rule.state(shape, 1);
    if (!(rule instanceof MixedDirectFeedback || rule instanceof MixedLearnedFeedback)) {
      return state;
    }
    List<FeedbackStage> stages = FeedbackStage.of(shape);
    for (int s = 0; s < feedback.length; s++) {
      Floats to = state.array(LearnedFeedback.name(stages.get(s).layer()));
      to.fill(
          stages.get(s).feedbackAt(),
          stages.get(s).feedbackAt() + shape.units(shape.depth() - 1) * stages.get(s).span(),
          0f);
      for (int j = 0; j < feedback[s].length; j++) {
        for (int k = 0; k < feedback[s][j].length; k++) {
          to.set(place(shape, stages.get(s), j, k), (float) feedback[s][j][k]);
        }
      }
    }
    return state;
  }

  /** What such a state holds. */
  static double[][][] of(NetworkShape shape, State state) {
    int classes = shape.units(shape.depth() - 1);
    List<FeedbackStage> stages = FeedbackStage.of(shape);
    double[][][] feedback = new double[stages.size()][][];
    for (int s = 0; s < feedback.length; s++) {
      feedback[s] = new double[stages.get(s).numbers()][classes];
      for (int j = 0; j < feedback[s].length; j++) {
        Floats from = state.array(LearnedFeedback.name(stages.get(s).layer()));
        for (int k = 0; k < classes; k++) {
          feedback[s][j][k] = from.get(place(shape, stages.get(s), j, k));
        }
      }
    }
    return feedback;
  }
}
