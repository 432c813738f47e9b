package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Weights;

/**
 * Ends a step of {@link LearnedFeedback}: updates the weights, and the feedback by {@code B += rate
 * / P x sums}.
 */
final class LearnedFeedbackUpdate implements StepUpdate {
  private final Kernels kernels = Kernels.best();
  private final StepUpdate ofWeights;
  private final String[] names;
  private final float rate;

  /**
   * Creates the update.
   *
   * @param ofWeights updates the weights
   * @param names the names of the feedback arrays, in the order of the rule's own sums
   */
  LearnedFeedbackUpdate(StepUpdate ofWeights, String[] names, LearnedFeedback rule) {
    this.ofWeights = ofWeights;
    this.names = names;
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
