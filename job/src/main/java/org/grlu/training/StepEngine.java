package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;

/** Computes steps: in this thread, or over a cluster. */
public interface StepEngine {
  /**
   * One step.
   *
   * @param order Not modified. Numbers of training images; the step's are those from {@code from}
   * @param weights Modified, unless the rewards are not finite
   * @return the mean reward, NaN where a pass was not finite
   */
  double step(StepSettings step, int[] order, int from, Weights weights);

  /**
   * What the last step's examples were rewarded, in the step's order: the sum over an example's
   * passes. Good until the next step.
   */
  Floats rewards();

  /**
   * What steps cost since this was last asked; {@link StepTimes#NONE} where nothing is measured.
   */
  StepTimes takeTimes();

  /** CPU seconds spent so far by threads other than the caller's. */
  double cpuSecondsElsewhere();

  /**
   * Evaluates the first images of a set of the trial's dataset.
   *
   * @param evaluation the trial's, for this thread
   * @param count how many, or all if there are fewer
   */
  default Evaluation.Result evaluate(
      Evaluation evaluation, Weights weights, LabelledImages set, int count) {
    return evaluation.of(weights, set, count);
  }

  /**
   * {@link Evaluation#divergedLayer} of training images.
   *
   * @param evaluation the trial's, for this thread
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
