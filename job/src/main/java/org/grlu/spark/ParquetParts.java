package org.grlu.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelValues;
import org.grlu.datasets.LabelledImages;
import org.grlu.datasets.Values;
import org.grlu.spark.ImageParts.Layout;
import scala.Tuple2;

/**
 * A set in Parquet, read into partitions: an example's number is that of its row in its file, and
 * of the rows of the files before it by name, as {@link ParquetExamples} has them.
 */
final class ParquetParts {
  /** Examples that are shuffled together, about. */
  private static final int SLAB = 256;

  private ParquetParts() {}

  /**
   * Reads a set.
   *
   * @param key that names it, for errors
   * @param firstClass the label of class 0
   * @param partBytes of a partition, about
   * @throws DatasetException as {@link ParquetExamples#read}
   */
  static ImageParts read(
      JavaSparkContext spark,
      String key,
      String uri,
      String labelColumn,
      String featureColumn,
      int firstClass,
      long partBytes) {
    String name = key + " " + uri;
    try {
      SparkSession session = SparkSession.builder().getOrCreate();
      ParquetExamples.Source source =
          ParquetExamples.Source.of(session, name, uri, labelColumn, featureColumn);
      Map<String, Long> first = new HashMap<>();
      long count = 0;
      for (Map.Entry<String, Long> file : source.counts(session).entrySet()) {
        first.put(file.getKey(), count);
        count += file.getValue();
      }
      if (count == 0) {
        throw new DatasetException(name + ": has no rows; must have at least 1");
      }
      if (count > Integer.MAX_VALUE - 8) {
        throw new DatasetException(
            "%s: has %d rows; must have at most %d".formatted(name, count, Integer.MAX_VALUE - 8));
      }
      JavaRDD<ParquetExamples.Example> examples = source.examples(session);
      int width = Math.max(1, examples.first().width());
      LabelledImages form = LabelledImages.elsewhere(1, width, 1, true, new byte[0]);
      Layout layout = Layout.of((int) count, form, partBytes, spark.defaultParallelism());
      return new ImageParts(
          examples.mapPartitions(new ToSlabs(name, first, width, firstClass, layout)),
          form,
          layout);
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException and others undeclared
      throw refused(name, e);
    }
  }

  /** What a task that found a fault said of it, or why there is nothing to read. */
  private static DatasetException refused(String name, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatasetException) {
        return new DatasetException(cause.getMessage(), e);
      }
    }
    return new DatasetException(
        name + ": can't be read as Parquet: " + ParquetExamples.words(e), e);
  }

  /** A named class, so that Spark has no closure to clean. */
  private record ToSlabs(
      String name, Map<String, Long> first, int width, int firstClass, Layout layout)
      implements FlatMapFunction<Iterator<ParquetExamples.Example>, Tuple2<Integer, Slab>>,
          Serializable {
    @Override
    public Iterator<Tuple2<Integer, Slab>> call(Iterator<ParquetExamples.Example> examples) {
      return new Slabs(this, examples);
    }
  }

  /** Examples that follow one another in a partition, some at a time. */
  private static final class Slabs implements Iterator<Tuple2<Integer, Slab>> {
    private final ToSlabs to;
    private final Iterator<ParquetExamples.Example> examples;

    /** Read, and not given out; null where there is none. */
    private ParquetExamples.Example next;

    Slabs(ToSlabs to, Iterator<ParquetExamples.Example> examples) {
      this.to = to;
      this.examples = examples;
      advance();
    }

    private void advance() {
      next = examples.hasNext() ? examples.next() : null;
    }

    private int number() {
      return (int) (to.first.get(next.file()) + next.row());
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Tuple2<Integer, Slab> next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      int part = to.layout.part(number());
      int width = to.width;
      int[] places = new int[SLAB];
      float[] features = new float[SLAB * width];
      byte[] labels = new byte[SLAB];
      int some = 0;
      while (some < SLAB && next != null && to.layout.part(number()) == part) {
        int number = number();
        next.check(to.name, width, "as the first row");
        Values.check(to.name, next.features(), 0, width, number);
        System.arraycopy(next.features(), 0, features, some * width, width);
        labels[some] = LabelValues.of(to.name, next.label(), number, to.firstClass);
        places[some++] = number - to.layout.first(part);
        advance();
      }
      return new Tuple2<>(
          part,
          new Slab(
              Arrays.copyOf(places, some),
              null,
              Arrays.copyOf(features, some * width),
              Arrays.copyOf(labels, some)));
    }
  }
}
