package org.grlu.training;

import java.io.Serializable;

/**
 * What a step of an epoch cost, on a cluster: medians over the epoch's steps, in milliseconds.
 *
 * @param step all of it
 * @param broadcast packing the weights and handing them to Spark
 * @param schedule what the job took beyond the longest tasks' computing
 * @param compute the longest shard
 * @param fold completing the tree, the longest slice where executors do, and updating the weights
 * @param bytesPerStep weights out of the driver and sums back, the mean over the epoch
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
