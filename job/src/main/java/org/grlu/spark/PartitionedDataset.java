package org.grlu.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetDigest;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.IdxSet;
import org.grlu.datasets.LabelledImages;
import org.grlu.spark.ImageParts.Layout;
import scala.Tuple2;

/**
 * A dataset over a cluster: executors hold parts of its images, the driver their labels and what
 * else of them is small.
 */
public final class PartitionedDataset implements AutoCloseable {
  /** Of images in a partition, about: what a task has in memory some times. */
  private static final long PART_BYTES = 16L << 20;

  private final ImageParts train;
  private final ImageParts test;
  private final Dataset dataset;
  private final long partBytes;

  private PartitionedDataset(ImageParts train, ImageParts test, Dataset dataset, long partBytes) {
    this.train = train;
    this.test = test;
    this.dataset = dataset;
    this.partBytes = partBytes;
  }

  /** A dataset that the driver holds: one that is fetched, say, or comes with the program. */
  public static PartitionedDataset of(JavaSparkContext spark, Dataset dataset) {
    return of(spark, dataset, PART_BYTES);
  }

  static PartitionedDataset of(JavaSparkContext spark, Dataset dataset, long partBytes) {
    ImageParts train = parts(spark, dataset.train(), partBytes);
    ImageParts test = parts(spark, dataset.test(), partBytes);
    LabelledImages none = train.set().slice(0, 0);
    Dataset uncut =
        new Dataset(
            dataset.name(), train.set(), none, test.set(), dataset.classes(), dataset.sha256());
    return new PartitionedDataset(train, test, uncut, partBytes);
  }

  /**
   * A dataset in Parquet.
   *
   * @param name what it is called in results
   * @param trainUri of dataset.train
   * @param testUri of dataset.test
   * @param labelColumn as in {@link ParquetExamples#read}
   * @param featureColumn as in {@link ParquetExamples#read}
   * @param firstClass the label of class 0
   * @throws DatasetException as {@link ParquetExamples#read}, or if the sets don't fit together
   */
  public static PartitionedDataset parquet(
      JavaSparkContext spark,
      String name,
      String trainUri,
      String testUri,
      String labelColumn,
      String featureColumn,
      int firstClass) {
    return of(
        name,
        "dataset.train " + trainUri,
        ParquetParts.read(
            spark, "dataset.train", trainUri, labelColumn, featureColumn, firstClass, PART_BYTES),
        "dataset.test " + testUri,
        ParquetParts.read(
            spark, "dataset.test", testUri, labelColumn, featureColumn, firstClass, PART_BYTES),
        firstClass);
  }

  /**
   * A dataset in IDX.
   *
   * @param name what it is called in results
   * @param firstClass the label of class 0
   * @throws DatasetException if a file is damaged, or they don't fit together
   */
  public static PartitionedDataset idx(
      JavaSparkContext spark, String name, IdxSet train, IdxSet test, int firstClass) {
    return idx(spark, name, train, test, firstClass, PART_BYTES);
  }

  static PartitionedDataset idx(
      JavaSparkContext spark,
      String name,
      IdxSet train,
      IdxSet test,
      int firstClass,
      long partBytes) {
    return of(
        name,
        train.images(),
        IdxParts.read(spark, train, partBytes),
        test.images(),
        IdxParts.read(spark, test, partBytes),
        firstClass);
  }

  private static PartitionedDataset of(
      String name,
      String trainName,
      ImageParts train,
      String testName,
      ImageParts test,
      int firstClass) {
    LabelledImages one = train.set();
    LabelledImages other = test.set();
    if (one.rows() != other.rows()
        || one.columns() != other.columns()
        || one.channels() != other.channels()) {
      throw new DatasetException(
          "%s: %s; must be %s as in %s".formatted(testName, size(other), size(one), trainName));
    }
    String sha256 = sha256(train, test);
    Dataset uncut = Datasets.elsewhere(name, trainName, one, testName, other, firstClass, sha256);
    return new PartitionedDataset(train, test, uncut, PART_BYTES);
  }

  private static String size(LabelledImages images) {
    return images.rows() == 1
        ? images.pixelsPerImage() + " features"
        : "%d x %d x %d pixels".formatted(images.rows(), images.columns(), images.channels());
  }

  /** The digest of all examples, which come here one partition at a time. */
  private static String sha256(ImageParts... sets) {
    DatasetDigest digest = new DatasetDigest();
    for (ImageParts set : sets) {
      digest.begin(set.set());
      for (int part = 0; part < set.layout().parts(); part++) {
        digest.add(set.here(part));
      }
      digest.end(set.set());
    }
    return digest.hex();
  }

  private static ImageParts parts(JavaSparkContext spark, LabelledImages set, long partBytes) {
    Layout layout = layout(spark, set.size(), set, partBytes);
    List<Tuple2<Integer, LabelledImages>> parts = new ArrayList<>();
    for (int part = 0; part < layout.parts(); part++) {
      int first = layout.first(part);
      parts.add(new Tuple2<>(part, set.slice(first, first + layout.size(part))));
    }
    JavaRDD<Tuple2<Integer, Slab>> source = spark.parallelize(parts, parts.size()).map(new Whole());
    return new ImageParts(source, set, layout);
  }

  private static Layout layout(
      JavaSparkContext spark, int count, LabelledImages form, long partBytes) {
    return Layout.of(count, form, partBytes, spark.defaultParallelism());
  }

  /** All images of a partition. */
  private static final class Whole
      implements Function<Tuple2<Integer, LabelledImages>, Tuple2<Integer, Slab>> {
    private static final long serialVersionUID = 1;

    @Override
    public Tuple2<Integer, Slab> call(Tuple2<Integer, LabelledImages> part) {
      int[] all = IntStream.range(0, part._2().size()).toArray();
      return new Tuple2<>(part._1(), Slab.of(part._2(), all, all));
    }
  }

  /** The dataset, uncut; its images are elsewhere. */
  public Dataset dataset() {
    return dataset;
  }

  ImageParts train() {
    return train;
  }

  ImageParts test() {
    return test;
  }

  /** Of images in a partition, about. */
  long partBytes() {
    return partBytes;
  }

  /** Frees what executors hold. */
  @Override
  public void close() {
    train.close();
    test.close();
  }
}
