package org.grlu.spark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.ShardWorker;
import org.grlu.rule.StepSettings;
import org.grlu.training.TrialSettings;
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

  /** Scratch memory of this JVM's task threads, for the run that was last here. */
  private static final Map<String, Queue<Scratch>> IDLE = new ConcurrentHashMap<>();

  private final String run;
  private final byte[] settings;
  private final int shards;
  private final long step;
  private final double learningRate;
  private final double noiseScale;
  private final int[] order;
  private final Broadcast<LabelledImages> images;
  private final Broadcast<byte[]> weights;

  /**
   * @param run whose scratch memory to use: one name for one trial and grid
   * @param settings {@link TrialSettings} as {@link JavaBytes}, which only new scratch memory reads
   * @param order the step's images
   * @param weights as {@link Weights#packed}
   */
  ShardFunction(
      String run,
      byte[] settings,
      int shards,
      StepSettings step,
      int[] order,
      Broadcast<LabelledImages> images,
      Broadcast<byte[]> weights) {
    this.run = run;
    this.settings = settings;
    this.shards = shards;
    this.step = step.number();
    this.learningRate = step.learningRate();
    this.noiseScale = step.noiseScale();
    this.order = order;
    this.images = images;
    this.weights = weights;
  }

  /** What one thread needs beside the weights' bytes. */
  private static final class Scratch {
    final TrialSettings settings;
    final LeafGrid grid;
    final Weights weights;
    final ShardWorker worker;
    final KeyedPerturbations perturbations;

    Scratch(TrialSettings settings) {
      this.settings = settings;
      grid = new LeafGrid(settings.training().batchSize(), settings.rule().perturbations());
      weights = new Weights(settings.shape());
      worker = new ShardWorker(settings.shape(), settings.pixels(), settings.rule(), grid);
      perturbations = settings.perturbations();
    }
  }

  @Override
  public byte[] apply(TaskContext context, Iterator<Integer> partition) {
    EjmlConcurrency.USE_CONCURRENT = false;
    // fetched before the clock starts: that is Spark's time, not computing
    byte[] packed = weights.value();
    LabelledImages from = images.value();
    final long start = System.nanoTime();
    final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int shard = context.partitionId();
    Queue<Scratch> idle = IDLE.computeIfAbsent(run, name -> new ConcurrentLinkedQueue<>());
    IDLE.keySet().removeIf(other -> !other.equals(run));
    Scratch scratch = idle.poll();
    if (scratch == null) {
      scratch = new Scratch(JavaBytes.read(settings, TrialSettings.class));
    }
    scratch.weights.unpack(packed);
    StepSettings now = new StepSettings(step, learningRate, noiseScale);
    scratch.settings.seek(scratch.perturbations, now);
    byte[] sums =
        scratch.worker.compute(
            now,
            scratch.perturbations,
            scratch.weights,
            from,
            order,
            scratch.grid.shardStart(shard, shards),
            scratch.grid.shardStart(shard + 1, shards));
    idle.add(scratch);
    return ByteBuffer.allocate(HEADER + sums.length)
        .putLong(System.nanoTime() - start)
        .putLong(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu)
        .put(sums)
        .array();
  }
}
