package org.grlu.training;

import java.io.Serializable;

/**
 * The cost of a step on a cluster. Times are medians over an epoch's steps, in milliseconds.
 *
 * @param step the whole step
 * @param broadcast packing the weights and handing them to Spark
 * @param schedule the rest of the job: everything but its longest shard and longest slice
 * @param compute computing the longest shard
 * @param fold adding up the shards' sums and updating the weights. Where executors add up, the
 *     longest slice counts
 * @param bytesPerStep the bytes of the weights that the driver sends, counted once, and of the sums
 *     that come back; the mean over the epoch
 */
public record StepTimes(
    double step,
    double broadcast,
    double schedule,
    double compute,
    double fold,
    double bytesPerStep)
    implements Serializable {

  /** The times of an engine that measures none: all numbers are NaN. */
  public static final StepTimes NONE =
      new StepTimes(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
