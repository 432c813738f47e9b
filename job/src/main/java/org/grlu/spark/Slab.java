package org.grlu.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.grlu.datasets.LabelledImages;
import scala.Tuple2;

/**
 * Some images on their way through a shuffle, and their places in the partition that they go to. A
 * plain class, since Kryo can't make records.
 */
final class Slab implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] places;
  private final byte[] pixels; // null of floats
  private final float[] features; // null of bytes
  private final byte[] labels;

  /**
   * Takes all arrays over, without a copy.
   *
   * @param places one for each image
   * @param pixels as in {@link LabelledImages#pixels}; null of floats
   * @param features as in {@link LabelledImages#features}; null of bytes
   */
  Slab(int[] places, byte[] pixels, float[] features, byte[] labels) {
    this.places = places;
    this.pixels = pixels;
    this.features = features;
    this.labels = labels;
  }

  /**
   * Copies some images.
   *
   * @param numbers of those images
   * @param places one for each of them; taken over
   */
  static Slab of(LabelledImages images, int[] numbers, int[] places) {
    int width = images.pixelsPerImage();
    boolean floats = images.areFloats();
    byte[] pixels = floats ? null : new byte[numbers.length * width];
    float[] features = floats ? new float[numbers.length * width] : null;
    byte[] labels = new byte[numbers.length];
    Object from = floats ? images.features() : images.pixels();
    Object to = floats ? features : pixels;
    for (int i = 0; i < numbers.length; i++) {
      System.arraycopy(from, numbers[i] * width, to, i * width, width);
      labels[i] = (byte) images.label(numbers[i]);
    }
    return new Slab(places, pixels, features, labels);
  }

  /**
   * Shuffles images to partitions, each of which then is one value, in the order of their places.
   *
   * @param from slabs by the number of the partition they go to
   * @param form whose shape the images have
   * @param counts of each partition's images, whose places must all be filled
   */
  static JavaRDD<LabelledImages> gathered(
      JavaRDD<Tuple2<Integer, Slab>> from, LabelledImages form, int[] counts) {
    return JavaPairRDD.fromJavaRDD(from)
        .partitionBy(new Numbered(counts.length))
        .mapPartitionsWithIndex(new Gather(form.slice(0, 0), counts), true);
  }

  /** A partition's number is its key. */
  private static final class Numbered extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int count;

    Numbered(int count) {
      this.count = count;
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object key) {
      return (int) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Numbered numbered && numbered.count == count;
    }

    @Override
    public int hashCode() {
      return count;
    }
  }

  /** Puts images in their places, whatever order they come in. */
  private record Gather(LabelledImages form, int[] counts)
      implements Function2<Integer, Iterator<Tuple2<Integer, Slab>>, Iterator<LabelledImages>> {
    @Override
    public Iterator<LabelledImages> call(Integer index, Iterator<Tuple2<Integer, Slab>> slabs) {
      int count = counts[index];
      int width = form.pixelsPerImage();
      boolean floats = form.areFloats();
      byte[] pixels = floats ? null : new byte[count * width];
      float[] features = floats ? new float[count * width] : null;
      byte[] labels = new byte[count];
      int filled = 0;
      while (slabs.hasNext()) {
        Slab slab = slabs.next()._2();
        Object from = floats ? slab.features : slab.pixels;
        Object to = floats ? features : pixels;
        for (int i = 0; i < slab.places.length; i++, filled++) {
          System.arraycopy(from, i * width, to, slab.places[i] * width, width);
          labels[slab.places[i]] = slab.labels[i];
        }
      }
      if (filled != count) {
        throw new IllegalStateException(
            "partition %d has %d images, not %d".formatted(index, filled, count));
      }
      int rows = form.rows();
      int columns = form.columns();
      LabelledImages all =
          floats
              ? LabelledImages.ofFloats(rows, columns, form.channels(), features, labels)
              : new LabelledImages(rows, columns, form.channels(), pixels, labels);
      return List.of(all).iterator();
    }
  }
}
