package org.grlu.spark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Weights;
import org.grlu.training.Evaluation;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Passes over the sets of a {@link PartitionedDataset}, where its images are. */
final class PartitionedEvaluation {
  private static final ClassTag<Of> RESULT = ClassTag.apply(Of.class);

  private final JavaSparkContext spark;
  private final PartitionedDataset data;
  private final Dataset dataset;
  private final Broadcast<RunScratch> scratch;

  /** What a task, or all of them, counted, and how long that took; Kryo can't make records. */
  static final class Of implements Serializable {
    private static final long serialVersionUID = 1;

    final Evaluation.Counts counts;
    private long cpuNanos;

    private Of(Evaluation.Counts counts, long cpuNanos) {
      this.counts = counts;
      this.cpuNanos = cpuNanos;
    }

    double cpuSeconds() {
      return cpuNanos * 1e-9;
    }
  }

  /**
   * @param dataset as it was cut
   */
  PartitionedEvaluation(
      JavaSparkContext spark,
      PartitionedDataset data,
      Dataset dataset,
      Broadcast<RunScratch> scratch) {
    this.spark = spark;
    this.data = data;
    this.dataset = dataset;
    this.scratch = scratch;
  }

  /**
   * Evaluates the first {@code most} images of a set of the dataset, or all if there are fewer.
   *
   * @param none counts of no images
   */
  Of of(Evaluation.Counts none, Weights weights, LabelledImages set, int most) {
    Of all = new Of(none, 0);
    boolean validation = set == dataset.validation();
    ImageParts parts = set == dataset.test() ? data.test() : data.train();
    int from = validation ? parts.layout().count() - set.size() : 0;
    int to = from + Math.min(most, set.size());
    if (to == from) {
      return all;
    }
    byte[] packed = new byte[weights.packedBytes()];
    weights.pack(packed);
    Broadcast<byte[]> broadcast = spark.broadcast(packed);
    try {
      List<Object> some =
          IntStream.rangeClosed(parts.layout().part(from), parts.layout().part(to - 1))
              .<Object>mapToObj(part -> part)
              .toList();
      Of[] results = new Of[some.size()];
      Refusals.outlast(
          () ->
              spark
                  .sc()
                  .runJob(
                      parts.rdd().rdd(),
                      new Task(scratch, broadcast, parts.layout(), from, to),
                      CollectionConverters.asScala(some).toSeq(),
                      new Collector(results),
                      RESULT));
      for (Of result : results) {
        all.counts.add(result.counts);
        all.cpuNanos += result.cpuNanos;
      }
      return all;
    } finally {
      if (!spark.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  /** The training images of some places of an order, brought here. */
  LabelledImages trainingImages(int[] numbers) {
    return ShuffledExamples.here(spark, data.train(), numbers);
  }

  /** One partition's images: a named class, so that Spark has no closure to clean. */
  private static final class Task
      extends AbstractFunction2<TaskContext, Iterator<LabelledImages>, Of> implements Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<RunScratch> scratch;
    private final Broadcast<byte[]> weights;
    private final ImageParts.Layout layout;
    private final int from;
    private final int to;

    Task(
        Broadcast<RunScratch> scratch,
        Broadcast<byte[]> weights,
        ImageParts.Layout layout,
        int from,
        int to) {
      this.scratch = scratch;
      this.weights = weights;
      this.layout = layout;
      this.from = from;
      this.to = to;
    }

    @Override
    public Of apply(TaskContext context, Iterator<LabelledImages> partition) {
      EjmlConcurrency.USE_CONCURRENT = false;
      final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      LabelledImages images = partition.next();
      RunScratch run = scratch.value();
      RunScratch.Scratch memory = run.take();
      memory.weights.unpack(weights.value());
      int first = layout.first(context.partitionId());
      Evaluation.Counts counts =
          memory
              .evaluation()
              .of(
                  memory.weights,
                  images,
                  Math.max(from - first, 0),
                  Math.min(to - first, images.size()));
      run.giveBack(memory);
      return new Of(counts, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
    }
  }

  /** Puts each task's result in its place. */
  private static final class Collector extends AbstractFunction2<Object, Of, BoxedUnit> {
    private final Of[] results;

    Collector(Of[] results) {
      this.results = results;
    }

    @Override
    public BoxedUnit apply(Object index, Of result) {
      results[(int) index] = result;
      return BoxedUnit.UNIT;
    }
  }
}
