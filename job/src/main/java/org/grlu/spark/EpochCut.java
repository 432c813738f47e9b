package org.grlu.spark;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.rule.LeafGrid;

/**
 * An epoch's examples by the shards that compute them: a partition holds those that one shard needs
 * in some steps that follow one another, step by step. Partition {@code i x shards + s} is shard
 * s's in the i-th of those chunks.
 */
final class EpochCut implements Serializable {
  private static final long serialVersionUID = 1;

  private final int batch;
  private final int steps;
  private final int stepsOfChunk;

  /** By shard, the first place in a step that it needs, and one past the last. */
  private final int[] from;

  private final int[] to;

  /**
   * An epoch of one step and one shard, which needs all of it.
   *
   * @param batch the step's examples
   */
  EpochCut(int batch) {
    this(batch, 1, 1, new int[] {0}, new int[] {batch});
  }

  private EpochCut(int batch, int steps, int stepsOfChunk, int[] from, int[] to) {
    this.batch = batch;
    this.steps = steps;
    this.stepsOfChunk = stepsOfChunk;
    this.from = from;
    this.to = to;
  }

  /**
   * An epoch's.
   *
   * @param most examples of a partition, unless one step has more
   */
  static EpochCut of(LeafGrid grid, int steps, int shards, long most) {
    int[] from = new int[shards];
    int[] to = new int[shards];
    int largest = 1;
    for (int s = 0; s < shards; s++) {
      List<LeafGrid.Node> roots =
          grid.roots(grid.shardStart(s, shards), grid.shardStart(s + 1, shards));
      if (!roots.isEmpty()) {
        LeafGrid.Node last = roots.get(roots.size() - 1);
        from[s] = grid.firstBlockExample(roots.get(0));
        to[s] = grid.firstBlockExample(last) + grid.examples(last);
      }
      largest = Math.max(largest, to[s] - from[s]);
    }
    int some = (int) Math.min(Math.max(1, most / largest), Math.max(1, steps));
    return new EpochCut(grid.batch(), steps, some, from, to);
  }

  int batch() {
    return batch;
  }

  int shards() {
    return from.length;
  }

  /** How many examples all its steps have. */
  int examples() {
    return steps * batch;
  }

  private int chunks() {
    return (steps + stepsOfChunk - 1) / stepsOfChunk;
  }

  int partitions() {
    return chunks() * shards();
  }

  /** The chunk of the step whose examples stand from {@code at} in the epoch. */
  int chunk(int at) {
    return at / batch / stepsOfChunk;
  }

  private int stepsOf(int chunk) {
    return Math.min(stepsOfChunk, steps - chunk * stepsOfChunk);
  }

  int first(int shard) {
    return from[shard];
  }

  int size(int shard) {
    return to[shard] - from[shard];
  }

  boolean needs(int shard, int at) {
    int place = at % batch;
    return from[shard] <= place && place < to[shard];
  }

  /** The partition of a shard that needs the example that stands at {@code at}. */
  int partition(int shard, int at) {
    return chunk(at) * shards() + shard;
  }

  /** Its place there. */
  int place(int shard, int at) {
    int step = at / batch % stepsOfChunk;
    return step * size(shard) + at % batch - from[shard];
  }

  /** By partition, how many examples it has. */
  int[] sizes() {
    return IntStream.range(0, partitions())
        .map(i -> stepsOf(i / shards()) * size(i % shards()))
        .toArray();
  }
}
