package org.grlu.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.grlu.datasets.LabelledImages;
import scala.collection.Iterator;

/**
 * The examples of one step, as the tasks of its shards get them.
 *
 * @param <T> what a task's partition holds
 */
interface ShardExamples<T> extends Serializable {
  /** Images, among them those of a task's shard; only to be read. */
  LabelledImages images(Iterator<T> partition);

  /** By the place in the step, the numbers of those images that a shard needs. */
  int[] order(int shard);

  /** How many bytes of its examples a shard returns to the driver, which has not got them. */
  default int bytes(int shard) {
    return 0;
  }

  /** Puts those bytes. */
  default void put(LabelledImages images, int shard, ByteBuffer out) {}
}
