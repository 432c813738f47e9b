package org.grlu.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.ejml.concurrency.EjmlConcurrency;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Parts;

/** Parts of a slow system's training as tasks, over images broadcast once. */
public final class SparkParts implements Parts, AutoCloseable {
  private final JavaSparkContext spark;
  private final String group;
  private final LabelledImages images;
  private final Broadcast<LabelledImages> broadcast;

  /**
   * @param group of its jobs, for Spark's UI and for who cancels them
   * @param images whose labels are not looked at, nor sent
   */
  public SparkParts(JavaSparkContext spark, String group, LabelledImages images) {
    this.spark = spark;
    this.group = group;
    this.images = images.unlabelled();
    this.broadcast = spark.broadcast(this.images);
  }

  @Override
  public LabelledImages images() {
    return images;
  }

  @Override
  public List<double[]> map(int parts, Part part) {
    Broadcast<LabelledImages> all = broadcast;
    spark.setJobGroup(group, "features: " + parts + " parts", true);
    List<Integer> numbers = IntStream.range(0, parts).boxed().toList();
    return spark
        .parallelize(numbers, parts)
        .map(
            number -> {
              EjmlConcurrency.USE_CONCURRENT = false;
              return part.of(all.value(), number);
            })
        .collect();
  }

  @Override
  public void close() {
    Broadcasts.takeBack(spark.sc(), broadcast);
  }
}
