package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/** Computes the steps of a trial, in the calling thread or on a cluster. */
public interface StepEngine {
  /**
   * Makes one step.
   *
   * @param order the numbers of training images. Not modified
   * @param from the place in {@code order} of the step's first image; the rest of the batch follows
   * @param weights Modified, unless a reward is not finite
   * @return the mean reward; NaN where a pass was not finite
   */
  double step(StepSettings step, int[] order, int from, Weights weights);

  /**
   * Returns the rewards of the last step, (batch): for each example, in the step's order, the sum
   * over its passes. Valid until the next step.
   */
  Floats rewards();

  /**
   * Returns the cost of the steps since the last call, or {@link StepTimes#NONE} where the engine
   * measures nothing.
   */
  StepTimes takeTimes();

  /** Returns the CPU time so far of all threads but the caller's, in seconds. */
  double cpuSecondsElsewhere();

  /**
   * Evaluates the first images of one of the trial's sets.
   *
   * @param evaluation the trial's evaluation, for the calling thread
   * @param weights Not modified.
   * @param count the number of images; all where there are fewer
   */
  default Evaluation.Result evaluate(
      Evaluation evaluation, Weights weights, LabelledImages set, int count) {
    return evaluation.of(weights, set, count);
  }

  /**
   * Returns {@link Evaluation#divergedLayer} of training images.
   *
   * @param evaluation the trial's evaluation, for the calling thread
   */
  default int divergedLayer(
      Evaluation evaluation,
      Weights weights,
      LabelledImages train,
      int[] order,
      int from,
      int count) {
    return evaluation.divergedLayer(weights, train, order, from, count);
  }
}
