package org.grlu.spark;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.RowSlices;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A step's job in two stages. Shards put their matrices, cut into slices of rows, into Spark's
 * shuffle; for each slice a task completes the tree and returns the sums. What shards return beside
 * matrices passes unchanged, by a task of its own. What of it is lost, Spark computes again.
 */
final class ClusterFold {
  private static final ClassTag<byte[][]> RESULT = ClassTag.apply(byte[][].class);

  private final SparkContext context;
  private final Broadcast<RunScratch> scratch;

  ClusterFold(SparkContext context, Broadcast<RunScratch> scratch) {
    this.context = context;
    this.scratch = scratch;
  }

  /**
   * Runs the job.
   *
   * @param parts one for each shard
   * @param ofShards Modified: by shard, what it returns beside its matrices
   * @param ofSlices Modified: gets, by slice, {@value ShardFunction#HEADER} bytes, its task's
   *     computing and CPU time in nanoseconds, and the sums
   */
  <T> void run(
      RDD<T> parts, ShardFunction<T> function, byte[][] ofShards, List<ByteBuffer> ofSlices) {
    int shards = ofShards.length;
    int slices = shards;
    JavaRDD<T> from = JavaRDD.fromRDD(parts, ClassTag.apply(Object.class));
    RDD<Tuple2<Integer, byte[]>> shuffled =
        JavaPairRDD.fromJavaRDD(
                from.mapPartitionsWithIndex(new Cut<>(function, scratch, shards, slices), false))
            .partitionBy(new BySlice(shards, slices))
            .rdd();
    byte[][] sums = new byte[slices][];
    List<Object> numbers = IntStream.rangeClosed(0, slices).<Object>mapToObj(i -> i).toList();
    Seq<Object> partitions = CollectionConverters.asScala(numbers).toSeq();
    try {
      Refusals.outlast(
          () ->
              context.runJob(
                  shuffled,
                  new Complete(scratch, shards, slices),
                  partitions,
                  new Collector(sums, ofShards),
                  RESULT));
    } finally {
      if (!context.isStopped()) {
        shuffled.cleanShuffleDependencies(false);
      }
    }
    for (byte[] each : sums) {
      ofSlices.add(ByteBuffer.wrap(each));
    }
  }

  /**
   * Computes a shard: pairs of slice x shards + shard and bytes, what is not cut as the last slice.
   */
  private static final class Cut<T>
      implements Function2<Integer, Iterator<T>, Iterator<Tuple2<Integer, byte[]>>> {
    private static final long serialVersionUID = 1;

    private final ShardFunction<T> function;
    private final Broadcast<RunScratch> scratch;
    private final int shards;
    private final int slices;

    Cut(ShardFunction<T> function, Broadcast<RunScratch> scratch, int shards, int slices) {
      this.function = function;
      this.scratch = scratch;
      this.shards = shards;
      this.slices = slices;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Integer shard, Iterator<T> partition) {
      RowSlices cut = scratch.value().slices(slices);
      List<ByteBuffer> cuts = new ArrayList<>();
      byte[] rest = function.compute(shard, CollectionConverters.asScala(partition), cut, cuts);
      List<Tuple2<Integer, byte[]>> all = new ArrayList<>();
      for (int s = 0; s < slices; s++) {
        all.add(new Tuple2<>(s * shards + shard, cuts.get(s).array()));
      }
      all.add(new Tuple2<>(slices * shards + shard, rest));
      return all.iterator();
    }
  }

  /** Slice x shards + shard goes to the slice. */
  private static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int shards;
    private final int slices;

    BySlice(int shards, int slices) {
      this.shards = shards;
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices + 1;
    }

    @Override
    public int getPartition(Object key) {
      return (int) key / shards;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice by && by.shards == shards && by.slices == slices;
    }

    @Override
    public int hashCode() {
      return 31 * slices + shards;
    }
  }

  /** Completes a slice; or hands on what is not cut, by shard. */
  private static final class Complete
      extends AbstractFunction2<
          org.apache.spark.TaskContext,
          scala.collection.Iterator<Tuple2<Integer, byte[]>>,
          byte[][]>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<RunScratch> scratch;
    private final int shards;
    private final int slices;

    Complete(Broadcast<RunScratch> scratch, int shards, int slices) {
      this.scratch = scratch;
      this.shards = shards;
      this.slices = slices;
    }

    @Override
    public byte[][] apply(
        org.apache.spark.TaskContext context,
        scala.collection.Iterator<Tuple2<Integer, byte[]>> values) {
      int slice = context.partitionId();
      byte[][] ofShards = new byte[shards][];
      while (values.hasNext()) {
        Tuple2<Integer, byte[]> each = values.next();
        ofShards[each._1() % shards] = each._2();
      }
      if (slice == slices) {
        return ofShards;
      }
      final long start = System.nanoTime();
      final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      RowSlices cut = scratch.value().slices(slices);
      LeafGrid grid = scratch.value().grid();
      byte[] sums = new byte[ShardFunction.HEADER + cut.bytes(slice)];
      ByteBuffer out = ByteBuffer.wrap(sums);
      cut.complete(grid, slice, List.of(ofShards), out.position(ShardFunction.HEADER));
      out.putLong(0, System.nanoTime() - start)
          .putLong(8, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
      return new byte[][] {sums};
    }
  }

  private static final class Collector extends AbstractFunction2<Object, byte[][], BoxedUnit> {
    private final byte[][] sums;
    private final byte[][] ofShards;

    Collector(byte[][] sums, byte[][] ofShards) {
      this.sums = sums;
      this.ofShards = ofShards;
    }

    @Override
    public BoxedUnit apply(Object slice, byte[][] result) {
      if ((int) slice == sums.length) {
        System.arraycopy(result, 0, ofShards, 0, result.length);
      } else {
        sums[(int) slice] = result[0];
      }
      return BoxedUnit.UNIT;
    }
  }
}
