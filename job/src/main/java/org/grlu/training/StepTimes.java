package org.grlu.training;

import java.io.Serializable;

/**
 * What a step of an epoch cost, on a cluster: medians over the epoch's steps, in milliseconds.
 *
 * @param step all of it
 * @param broadcast packing the weights and handing them to Spark
 * @param schedule what the job took beyond the longest task's computing
 * @param compute the longest task
 * @param fold completing the tree and updating the weights
 * @param bytesPerStep weights out and sums back, the mean over the epoch
 */
public record StepTimes(
    double step,
    double broadcast,
    double schedule,
    double compute,
    double fold,
    double bytesPerStep)
    implements Serializable {

  /** Of an engine without such steps. */
  public static final StepTimes NONE =
      new StepTimes(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
