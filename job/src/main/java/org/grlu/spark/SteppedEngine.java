package org.grlu.spark;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Augmentation;
import org.grlu.network.InputBatch;
import org.grlu.network.Weights;
import org.grlu.rule.Fold;
import org.grlu.rule.KeyedPerturbations;
import org.grlu.rule.LeafGrid;
import org.grlu.rule.Perturbations;
import org.grlu.rule.RowThreads;
import org.grlu.rule.StepCompletion;
import org.grlu.rule.StepSettings;
import org.grlu.training.Evaluation;
import org.grlu.training.StepEngine;
import org.grlu.training.StepTimes;
import org.grlu.training.TrialSettings;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The driver holds the weights and broadcasts them each step; each task computes one shard of the
 * step's leaves and returns its sums; the driver completes the tree and updates. One wave of tasks
 * a step. Any number of shards gives the bits of {@link org.grlu.training.LocalEngine}, wherever
 * the examples are.
 */
public final class SteppedEngine implements StepEngine, AutoCloseable {
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);

  private final JavaSparkContext spark;
  private final SparkContext context;
  private final String run;
  private final RunScratch scratch;
  private final TrialSettings settings;
  private final boolean followsSlots;
  private final Augmentation augmentation;
  private final InputBatch batch;
  private final RowThreads threads;
  private final StepCompletion completion;
  private byte[] packed = new byte[0];
  private final KeyedPerturbations perturbations;
  private final StepExamples<?> examples;

  /** Null where the driver has the examples. */
  private final PartitionedEvaluation evaluation;

  private final Broadcast<RunScratch> broadcastScratch;
  private final ClusterFold cluster;

  private final List<double[]> times = new ArrayList<>();
  private double cpuSeconds;
  private final int stepsPerEpoch;
  private long described = -1;
  private final StepResults results;
  private final Consumer<String> said;
  private boolean saidIdle;
  private int asked;
  private int shards;
  private boolean inCluster;
  private Seq<Object> partitions;

  /**
   * An engine that broadcasts its images.
   *
   * @param memory the one that the weights are in
   * @param shards how many tasks a step has; 0 for as many as the cluster has slots, step by step:
   *     executors come and go. Fewer where Spark would not let them return what they compute
   * @param fold where the shards' matrices are added up
   * @param said hears, once, that not all that was asked for can be busy
   */
  public SteppedEngine(
      JavaSparkContext spark,
      String run,
      TrialSettings settings,
      Arena memory,
      LabelledImages images,
      int shards,
      Fold fold,
      Consumer<String> said) {
    this(spark, run, settings, memory, images, null, null, shards, fold, said);
  }

  /**
   * An engine over a dataset whose images executors hold. The number of shards changes between
   * epochs alone, each of which begins with a shuffle.
   *
   * @param dataset as it was cut
   */
  public SteppedEngine(
      JavaSparkContext spark,
      String run,
      TrialSettings settings,
      Arena memory,
      PartitionedDataset data,
      Dataset dataset,
      int shards,
      Fold fold,
      Consumer<String> said) {
    this(spark, run, settings, memory, dataset.train(), data, dataset, shards, fold, said);
  }

  private SteppedEngine(
      JavaSparkContext spark,
      String run,
      TrialSettings settings,
      Arena memory,
      LabelledImages images,
      PartitionedDataset data,
      Dataset dataset,
      int shards,
      Fold fold,
      Consumer<String> said) {
    this.spark = spark;
    this.context = spark.sc();
    this.run = run;
    this.scratch = new RunScratch(settings);
    this.settings = settings;
    this.followsSlots = shards == 0;
    int batchSize = settings.training().batchSize();
    this.augmentation = settings.augmentation();
    this.batch = settings.inputs();
    this.perturbations = settings.perturbations();
    LeafGrid grid = LeafGrid.of(settings.shape(), settings.rule(), batchSize);
    this.threads = new RowThreads(driverCores(spark));
    this.completion = new StepCompletion(settings.shape(), settings.rule(), grid, threads, memory);
    long returned = data == null ? 0 : ImageParts.bytes(images);
    this.results = new StepResults(settings, fold, returned, spark.getConf());
    this.said = said;
    this.stepsPerEpoch = settings.stepsPerEpoch(images.size());
    this.examples =
        data == null
            ? new BroadcastExamples(spark, images, batchSize)
            : new ShuffledExamples(spark, data.train(), grid, data.partBytes());
    this.broadcastScratch = spark.broadcast(scratch);
    this.cluster = new ClusterFold(context, broadcastScratch);
    this.evaluation =
        data == null ? null : new PartitionedEvaluation(spark, data, dataset, broadcastScratch);
    cut(followsSlots ? Slots.of(spark) : shards);
  }

  /** Under a local master no more than it has for tasks: they are over when the driver works. */
  private static int driverCores(JavaSparkContext spark) {
    return spark.sc().isLocal() ? Slots.of(spark) : Runtime.getRuntime().availableProcessors();
  }

  private void cut(int into) {
    asked = into;
    shards = followsSlots ? Math.max(1, results.fitting(into)) : into;
    inCluster = results.inCluster(shards);
    sayWhatIsIdle();
    List<Object> numbers = IntStream.range(0, shards).<Object>mapToObj(i -> i).toList();
    partitions = CollectionConverters.asScala(numbers).toSeq();
  }

  private void sayWhatIsIdle() {
    String line;
    if (shards < asked) {
      line =
          "a step is cut into %d shards, not %d as there are slots: more would return more than %s allows"
              .formatted(shards, asked, StepResults.LIMIT);
    } else {
      line = results.surplus((followsSlots ? "slots = " : "engine.shards = ") + asked, asked);
    }
    if (line != null && !saidIdle) {
      saidIdle = true;
      said.accept(line);
    }
  }

  /** How many tasks the last step had, or the first will have. */
  public int shards() {
    return shards;
  }

  /** The memory that its tasks work in, where they run in this JVM. */
  RunScratch scratch() {
    return scratch;
  }

  @Override
  public double step(StepSettings step, int[] order, int from, Weights weights) {
    describe(step);
    int now = followsSlots && examples.mayCut(from) ? Slots.of(spark) : asked;
    if (now != asked) {
      cut(now);
    }
    int batchSize = settings.training().batchSize();
    final long start = System.nanoTime();
    if (packed.length != weights.packedBytes()) {
      packed = new byte[weights.packedBytes()];
    }
    // a task of an earlier step may still read it, whose result nobody takes
    weights.pack(packed);
    Broadcast<byte[]> broadcast = spark.broadcast(packed);
    byte[][] results = new byte[shards][];
    long sent = System.nanoTime();
    List<ByteBuffer> ofExamples = new ArrayList<>();
    List<ByteBuffer> sums = new ArrayList<>();
    List<ByteBuffer> slices = new ArrayList<>();
    try {
      compute(examples, step, order, from, broadcast, results, sums, ofExamples, slices);
    } finally {
      if (!context.isStopped()) {
        broadcast.destroy();
      }
    }
    long computed = System.nanoTime();
    long longest = 0;
    long bytes = packed.length;
    for (int i = 0; i < shards; i++) {
      longest = Math.max(longest, sums.get(i).getLong());
      cpuSeconds += sums.get(i).getLong() * 1e-9;
      bytes += results[i].length;
    }
    long slowest = 0;
    for (ByteBuffer each : slices) {
      bytes += each.capacity();
      slowest = Math.max(slowest, each.getLong());
      cpuSeconds += each.getLong() * 1e-9;
    }
    final double mean =
        completion.complete(step, at(step), () -> loaded(step, ofExamples), sums, slices, weights);
    long end = System.nanoTime();
    JobMetrics.EXAMPLES.mark(batchSize);
    JobMetrics.STEPS.update(end - start, TimeUnit.NANOSECONDS);
    times.add(
        new double[] {
          (end - start) * 1e-6,
          (sent - start) * 1e-6,
          (computed - sent - longest - slowest) * 1e-6,
          longest * 1e-6,
          (end - computed + slowest) * 1e-6,
          bytes
        });
    return mean;
  }

  /**
   * Runs a step's job.
   *
   * @param results Modified: by shard
   * @param sums Modified: those of the results that are not the examples
   * @param ofExamples Modified: those that are
   * @param slices Modified: by slice, what executors folded; nothing where the driver does
   */
  private <T> void compute(
      StepExamples<T> from,
      StepSettings step,
      int[] order,
      int at,
      Broadcast<byte[]> weights,
      byte[][] results,
      List<ByteBuffer> sums,
      List<ByteBuffer> ofExamples,
      List<ByteBuffer> slices) {
    RDD<T> parts = from.partitions(order, at, shards);
    ShardExamples<T> ofShards = from.ofShards();
    ShardFunction<T> function =
        new ShardFunction<>(broadcastScratch, shards, step, ofShards, weights);
    if (inCluster) {
      cluster.run(parts, function, results, slices);
    } else {
      Refusals.outlast(
          () -> context.runJob(parts, function, partitions, new Collector(results), BYTES));
    }
    for (int i = 0; i < shards; i++) {
      int end = results[i].length - ofShards.bytes(i);
      sums.add(ByteBuffer.wrap(results[i]).limit(end));
      ofExamples.add(ByteBuffer.wrap(results[i]).position(end));
    }
  }

  @Override
  public Evaluation.Result evaluate(
      Evaluation here, Weights weights, LabelledImages set, int count) {
    if (evaluation == null) {
      return here.of(weights, set, count);
    }
    PartitionedEvaluation.Of there = evaluation.of(here.counts(), weights, set, count);
    cpuSeconds += there.cpuSeconds();
    return here.result(there.counts);
  }

  @Override
  public int divergedLayer(
      Evaluation here, Weights weights, LabelledImages train, int[] order, int from, int count) {
    if (evaluation == null) {
      return here.divergedLayer(weights, train, order, from, count);
    }
    int some = Math.min(count, Evaluation.MOST_LOOKED_AT);
    LabelledImages images = evaluation.trainingImages(Arrays.copyOfRange(order, from, from + some));
    return here.divergedLayer(weights, images, IntStream.range(0, some).toArray(), 0, some);
  }

  @Override
  public Floats rewards() {
    return completion.ofExamples();
  }

  private Perturbations at(StepSettings step) {
    settings.seek(perturbations, step);
    return perturbations;
  }

  private InputBatch loaded(StepSettings step, List<ByteBuffer> returned) {
    int[] numbers = examples.numbers();
    int count = numbers.length;
    LabelledImages images = examples.images(returned);
    batch.load(images, numbers, 0, count, augmentation, step.number() * count);
    return batch;
  }

  private void describe(StepSettings step) {
    // as often as an epoch of all examples, whatever the stream's are
    long part = step.number() / stepsPerEpoch;
    if (part != described) {
      described = part;
      context.setJobGroup(run, "run %s, from step %d".formatted(run, step.number()), true);
    }
  }

  @Override
  public double cpuSecondsElsewhere() {
    return cpuSeconds;
  }

  @Override
  public StepTimes takeTimes() {
    if (times.isEmpty()) {
      return StepTimes.NONE;
    }
    double bytes = times.stream().mapToDouble(t -> t[5]).average().orElse(Double.NaN);
    StepTimes medians = new StepTimes(median(0), median(1), median(2), median(3), median(4), bytes);
    times.clear();
    return medians;
  }

  private double median(int part) {
    double[] sorted = times.stream().mapToDouble(t -> t[part]).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public void close() {
    examples.close();
    Broadcasts.takeBack(context, broadcastScratch);
    scratch.clear();
    threads.close();
    if (!context.isStopped()) {
      context.clearJobGroup();
    }
  }

  /** Puts each shard's result in its place. */
  private static final class Collector extends AbstractFunction2<Object, byte[], BoxedUnit> {
    private final byte[][] results;

    Collector(byte[][] results) {
      this.results = results;
    }

    @Override
    public BoxedUnit apply(Object shard, byte[] result) {
      results[(int) shard] = result;
      return BoxedUnit.UNIT;
    }
  }
}
