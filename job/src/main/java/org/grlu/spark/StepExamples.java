package org.grlu.spark;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.grlu.datasets.LabelledImages;

/**
 * Where the stepped engine's examples are, and how they come to the tasks of a step.
 *
 * @param <T> what the partitions of a step's job hold
 */
interface StepExamples<T> extends AutoCloseable {
  /** Whether the step whose examples stand from there may have another number of shards. */
  boolean mayCut(int from);

  /**
   * The partitions of a step's job, one for each shard.
   *
   * @param order of the epoch, as {@link org.grlu.training.StepEngine#step} gets it
   * @param from where the step's examples stand
   */
  RDD<T> partitions(int[] order, int from, int shards);

  /** What tasks of that step read. */
  ShardExamples<T> ofShards();

  /**
   * The images of that step.
   *
   * @param returned what the shards put, in the order of the shards
   */
  LabelledImages images(List<ByteBuffer> returned);

  /** By the place in the step, the numbers of its examples among those images. */
  int[] numbers();

  @Override
  void close();
}
