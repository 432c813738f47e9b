package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** The end of a step of {@link LearnedFeedback}: weights, and {@code B += rate / P x sums}. */
final class LearnedFeedbackUpdate implements StepUpdate {
  private final Kernels kernels = Kernels.best();
  private final StepUpdate ofWeights;
  private final String[] names;
  private final float rate;

  LearnedFeedbackUpdate(NetworkShape shape, LearnedFeedback rule, LeafGrid grid, Arena memory) {
    this.ofWeights = new WeightUpdate(shape, rule, grid, memory);
    this.names = LearnedFeedback.names(shape);
    this.rate = (float) (rule.feedbackRate() / rule.perturbations());
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    ofWeights.apply(step, sums, perturbations, weights);
    for (int l = 0; l < names.length; l++) {
      Floats feedback = weights.state().array(names[l]);
      kernels.addScaled(rate, sums.own(l), 0, feedback, 0, feedback.length());
    }
  }
}
