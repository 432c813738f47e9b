package org.grlu.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.IdxImages;
import org.grlu.datasets.IdxSet;
import org.grlu.reports.HadoopFiles;
import org.grlu.spark.ImageParts.Layout;
import scala.Tuple2;

/**
 * A set in IDX, read into partitions: a file that is not compressed by as many tasks as there are
 * partitions, one that is by one, an image after another.
 */
final class IdxParts {
  /** Images that are shuffled together, about. */
  private static final int SLAB = 256;

  private IdxParts() {}

  /**
   * Reads a set.
   *
   * @param partBytes of a partition, about
   * @throws DatasetException if the file is damaged, or has not one image for each label
   */
  static ImageParts read(JavaSparkContext spark, IdxSet set, long partBytes) {
    Configuration hadoop = HadoopFiles.configuration();
    byte[] labels = set.labels();
    try (IdxImages images = open(set.images(), set.dimensions(), hadoop)) {
      if (images.count() != labels.length) {
        throw new DatasetException(
            "%s: %d images for %d labels; must be as many"
                .formatted(set.images(), images.count(), labels.length));
      }
      Layout layout =
          Layout.of(images.count(), images.form(), partBytes, spark.defaultParallelism());
      Broadcast<byte[]> all = spark.broadcast(labels);
      int tasks = images.isCompressed() ? 1 : layout.parts();
      List<Integer> parts = IntStream.range(0, layout.parts()).boxed().toList();
      JavaRDD<Tuple2<Integer, Slab>> source =
          spark
              .parallelize(parts, tasks)
              .mapPartitions(
                  new ToSlabs(
                      set.images(),
                      set.dimensions(),
                      new SerializableConfiguration(hadoop),
                      all,
                      layout));
      return new ImageParts(source, images.form(), layout);
    } catch (IOException e) {
      throw unreadable(set.images(), e);
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException undeclared
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof DatasetException) {
          throw new DatasetException(cause.getMessage(), e);
        }
      }
      throw e;
    }
  }

  private static DatasetException unreadable(String images, IOException e) {
    return new DatasetException("%s: can't be read: %s".formatted(images, HadoopFiles.words(e)), e);
  }

  private static IdxImages open(String images, int dimensions, Configuration hadoop)
      throws IOException {
    Path path = HadoopFiles.path(images);
    return new IdxImages(images, HadoopFiles.of(path, hadoop).open(path), dimensions);
  }

  /** A named class, so that Spark has no closure to clean. */
  private record ToSlabs(
      String images,
      int dimensions,
      SerializableConfiguration hadoop,
      Broadcast<byte[]> labels,
      Layout layout)
      implements FlatMapFunction<Iterator<Integer>, Tuple2<Integer, Slab>> {
    @Override
    public Iterator<Tuple2<Integer, Slab>> call(Iterator<Integer> parts) {
      return new Slabs(this, parts);
    }
  }

  /** The images of partitions that follow one another, some at a time. */
  private static final class Slabs implements Iterator<Tuple2<Integer, Slab>> {
    private final ToSlabs to;
    private final Iterator<Integer> parts;
    private IdxImages images;
    private int part;
    private int at;
    private int end;

    Slabs(ToSlabs to, Iterator<Integer> parts) {
      this.to = to;
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      return at < end || parts.hasNext();
    }

    @Override
    public Tuple2<Integer, Slab> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        if (at == end) {
          begin(parts.next());
        }
        int some = Math.min(SLAB, end - at);
        int place = at - to.layout.first(part);
        Slab slab =
            new Slab(
                IntStream.range(place, place + some).toArray(),
                images.next(some),
                null,
                Arrays.copyOfRange(to.labels.value(), at, at + some));
        at += some;
        if (at == to.layout.count()) {
          images.end();
        }
        if (!hasNext()) {
          images.close();
        }
        return new Tuple2<>(part, slab);
      } catch (IOException e) {
        throw unreadable(to.images, e);
      }
    }

    private void begin(int next) throws IOException {
      part = next;
      at = to.layout.first(part);
      end = at + to.layout.size(part);
      if (images == null) {
        images = open(to.images, to.dimensions, to.hadoop.value());
        images.skip(at);
      }
    }
  }
}
