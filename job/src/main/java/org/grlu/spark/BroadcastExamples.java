package org.grlu.spark;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.grlu.datasets.LabelledImages;
import scala.collection.Iterator;

/** All images in the driver and, broadcast once, in every executor. */
final class BroadcastExamples implements StepExamples<Integer> {
  private final JavaSparkContext spark;
  private final LabelledImages images;
  private final int batch;
  private final Broadcast<LabelledImages> broadcast;
  private RDD<Integer> slots;
  private int shards;
  private int[] numbers;

  BroadcastExamples(JavaSparkContext spark, LabelledImages images, int batch) {
    this.spark = spark;
    this.images = images;
    this.batch = batch;
    this.broadcast = spark.broadcast(images);
  }

  @Override
  public boolean mayCut(int from) {
    return true;
  }

  @Override
  public RDD<Integer> partitions(int[] order, int from, int into) {
    numbers = Arrays.copyOfRange(order, from, from + batch);
    if (into != shards) {
      shards = into;
      slots = spark.parallelize(IntStream.range(0, into).boxed().toList(), into).rdd();
    }
    return slots;
  }

  @Override
  public ShardExamples<Integer> ofShards() {
    return new Read(broadcast, numbers);
  }

  @Override
  public LabelledImages images(List<ByteBuffer> returned) {
    return images;
  }

  @Override
  public int[] numbers() {
    return numbers;
  }

  @Override
  public void close() {
    Broadcasts.takeBack(spark.sc(), broadcast);
  }

  /** What a task reads; a plain class, since Kryo can't make records. */
  static final class Read implements ShardExamples<Integer> {
    private static final long serialVersionUID = 1;

    private final Broadcast<LabelledImages> images;
    private final int[] numbers;

    Read(Broadcast<LabelledImages> images, int[] numbers) {
      this.images = images;
      this.numbers = numbers;
    }

    @Override
    public LabelledImages images(Iterator<Integer> partition) {
      return images.value();
    }

    @Override
    public int[] order(int shard) {
      return numbers;
    }
  }
}
