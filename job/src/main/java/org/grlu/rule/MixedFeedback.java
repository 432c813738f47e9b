package org.grlu.rule;

import java.util.List;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** Sends the output's error to all {@link FeedbackStage stages}. */
final class MixedFeedback {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final MixedLearning learning;
  private final int last;
  private final int classes;
  final List<FeedbackStage> stages;

  /** The feedback matrix B of each stage, (classes x span). */
  final Floats[] matrix;

  private Weights read;

  MixedFeedback(NetworkShape shape, MixedLearning learning) {
    this.shape = shape;
    this.learning = learning;
    last = shape.depth() - 1;
    classes = shape.units(last);
    stages = FeedbackStage.of(shape);
    matrix = new Floats[stages.size()];
  }

  /**
   * Finds the feedback matrices in the state of a network.
   *
   * @param weights Not modified. The feedback is read whenever an error is sent
   */
  void read(Weights weights) {
    if (read == weights) {
      return;
    }
    read = weights;
    for (int s = 0; s < matrix.length; s++) {
      FeedbackStage stage = stages.get(s);
      Floats array = weights.state().array(LearnedFeedback.name(stage.layer()));
      matrix[s] = array.part(stage.feedbackAt(), classes * stage.span());
    }
  }

  /**
   * Fills a row's signals with {@code B e} for all stages, where e is the output's error in that
   * row.
   */
  void send(int row) {
    int error = row * shape.stride(last);
    for (int s = 0; s < matrix.length; s++) {
      FeedbackStage stage = stages.get(s);
      Floats to = learning.signal[stage.layer()];
      int at = row * shape.stride(stage.layer()) + stage.at();
      to.fill(at, at + stage.span(), 0f);
      kernels.rowTimes(
          learning.signal[last], error, 1, classes, matrix[s], 0, stage.span(), to, at);
    }
  }

  /** Multiplies a row's signals by the activation's slope. */
  void throughActivation(int row) {
    for (FeedbackStage stage : stages) {
      int at = row * shape.stride(stage.layer()) + stage.at();
      Floats signal = learning.signal[stage.layer()];
      Floats slope = learning.clean.layer(stage.layer()).slope();
      float[] x = signal.array();
      float[] f = slope.array();
      int from = signal.at() + at;
      int other = slope.at() + at;
      for (int u = 0; u < stage.span(); u++) {
        x[from + u] *= f[other + u];
      }
    }
  }
}
