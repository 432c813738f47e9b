package org.grlu.spark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.rule.RowSlices;
import org.grlu.rule.StepSettings;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * One shard of one step, as a Spark task: a named class, so that Spark has no closure to clean. The
 * broadcast values are only read: in local mode they are the driver's own objects.
 *
 * <p>Returns {@value #HEADER} bytes, computing and CPU time in nanoseconds, the packed sums, and
 * what of its examples the driver needs.
 *
 * @param <T> what a partition holds
 */
final class ShardFunction<T> extends AbstractFunction2<TaskContext, Iterator<T>, byte[]>
    implements Serializable {
  private static final long serialVersionUID = 1;

  static final int HEADER = 2 * Long.BYTES;

  private final Broadcast<RunScratch> scratch;
  private final int shards;
  private final long step;
  private final double learningRate;
  private final double noiseScale;
  private final ShardExamples<T> examples;
  private final Broadcast<byte[]> weights;

  /**
   * @param scratch the run's settings, and its memory in each JVM
   * @param weights as {@link Weights#pack} fills them
   */
  ShardFunction(
      Broadcast<RunScratch> scratch,
      int shards,
      StepSettings step,
      ShardExamples<T> examples,
      Broadcast<byte[]> weights) {
    this.scratch = scratch;
    this.shards = shards;
    this.step = step.number();
    this.learningRate = step.learningRate();
    this.noiseScale = step.noiseScale();
    this.examples = examples;
    this.weights = weights;
  }

  @Override
  public byte[] apply(TaskContext context, Iterator<T> partition) {
    return compute(context.partitionId(), partition, null, null);
  }

  /**
   * Computes the shard.
   *
   * @param cut how its matrices are cut; null where they are returned too
   * @param slices Modified: gets them; null
   */
  byte[] compute(int shard, Iterator<T> partition, RowSlices cut, List<ByteBuffer> slices) {
    EjmlConcurrency.USE_CONCURRENT = false;
    // fetched before the clock starts: that is Spark's time, not computing
    byte[] packed = weights.value();
    LabelledImages from = examples.images(partition);
    RunScratch run = scratch.value();
    final long start = System.nanoTime();
    final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    RunScratch.Scratch memory = run.take();
    memory.weights.unpack(packed);
    StepSettings now = new StepSettings(step, learningRate, noiseScale);
    memory.settings.seek(memory.perturbations, now);
    int first = memory.grid.shardStart(shard, shards);
    int end = memory.grid.shardStart(shard + 1, shards);
    int bytes =
        HEADER
            + (cut == null
                ? memory.worker.bytes(first, end)
                : memory.worker.bytesBesideSlices(first, end));
    ByteBuffer[] sliced = cut == null ? null : memory.worker.slices(cut, first, end);
    byte[] result = run.result(bytes + examples.bytes(shard));
    ByteBuffer sums = ByteBuffer.wrap(result).position(HEADER);
    memory.worker.compute(
        now,
        memory.perturbations,
        memory.weights,
        from,
        examples.order(shard),
        first,
        end,
        sums,
        cut,
        sliced);
    if (cut != null) {
      slices.addAll(List.of(sliced));
    }
    run.giveBack(memory);
    examples.put(from, shard, ByteBuffer.wrap(result).position(bytes));
    ByteBuffer.wrap(result)
        .putLong(System.nanoTime() - start)
        .putLong(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
    return result;
  }
}
