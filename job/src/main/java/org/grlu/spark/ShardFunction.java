package org.grlu.spark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.rule.StepSettings;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * One shard of one step, as a Spark task: a named class, so that Spark has no closure to clean. The
 * broadcast values are only read: in local mode they are the driver's own objects.
 *
 * <p>Returns {@value #HEADER} bytes, computing and CPU time in nanoseconds, and the packed sums.
 */
final class ShardFunction extends AbstractFunction2<TaskContext, Iterator<Integer>, byte[]>
    implements Serializable {
  private static final long serialVersionUID = 1;

  static final int HEADER = 2 * Long.BYTES;

  private final Broadcast<RunScratch> scratch;
  private final int shards;
  private final long step;
  private final double learningRate;
  private final double noiseScale;
  private final int[] order;
  private final Broadcast<LabelledImages> images;
  private final Broadcast<byte[]> weights;

  /**
   * @param scratch the run's settings, and its memory in each JVM
   * @param order the step's images
   * @param weights as {@link Weights#pack} fills them
   */
  ShardFunction(
      Broadcast<RunScratch> scratch,
      int shards,
      StepSettings step,
      int[] order,
      Broadcast<LabelledImages> images,
      Broadcast<byte[]> weights) {
    this.scratch = scratch;
    this.shards = shards;
    this.step = step.number();
    this.learningRate = step.learningRate();
    this.noiseScale = step.noiseScale();
    this.order = order;
    this.images = images;
    this.weights = weights;
  }

  @Override
  public byte[] apply(TaskContext context, Iterator<Integer> partition) {
    EjmlConcurrency.USE_CONCURRENT = false;
    // fetched before the clock starts: that is Spark's time, not computing
    byte[] packed = weights.value();
    LabelledImages from = images.value();
    RunScratch run = scratch.value();
    final long start = System.nanoTime();
    final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int shard = context.partitionId();
    RunScratch.Scratch memory = run.take();
    memory.weights.unpack(packed);
    StepSettings now = new StepSettings(step, learningRate, noiseScale);
    memory.settings.seek(memory.perturbations, now);
    int first = memory.grid.shardStart(shard, shards);
    int end = memory.grid.shardStart(shard + 1, shards);
    byte[] result = run.result(HEADER + memory.worker.bytes(first, end));
    ByteBuffer sums = ByteBuffer.wrap(result).position(HEADER);
    memory.worker.compute(now, memory.perturbations, memory.weights, from, order, first, end, sums);
    run.giveBack(memory);
    ByteBuffer.wrap(result)
        .putLong(System.nanoTime() - start)
        .putLong(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
    return result;
  }
}
