package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.NetworkShape;
import org.grlu.network.State;

/** Feedback matrices as they are written, by hidden layer, unit and class. */
final class Feedbacks {
  private Feedbacks() {}

  /** The state that holds such matrices. */
  static State state(NetworkShape shape, LearningRule rule, double[][][] feedback) {
    State state = rule.state(shape, 1);
    for (int l = 0; l < feedback.length; l++) {
      Floats to = state.array(LearnedFeedback.name(l));
      for (int j = 0; j < feedback[l].length; j++) {
        for (int k = 0; k < feedback[l][j].length; k++) {
          to.set(k * shape.stride(l) + j, (float) feedback[l][j][k]);
        }
      }
    }
    return state;
  }

  /** Hidden layer l's matrix of a state, a row for each unit. */
  static double[] flat(NetworkShape shape, State state, int l) {
    Floats from = state.array(LearnedFeedback.name(l));
    int classes = shape.units(shape.depth() - 1);
    double[] flat = new double[shape.units(l) * classes];
    for (int j = 0; j < shape.units(l); j++) {
      for (int k = 0; k < classes; k++) {
        flat[j * classes + k] = from.get(k * shape.stride(l) + j);
      }
    }
    return flat;
  }
}
