package org.grlu.spark;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.grlu.datasets.LabelledImages;
import scala.Tuple2;

/**
 * A set of images over a cluster: each partition holds some that follow one another, as one value.
 * What an executor held that is lost is read again.
 */
final class ImageParts {
  private final JavaRDD<LabelledImages> parts;
  private final Layout layout;
  private final LabelledImages set;

  /**
   * Which images are in which partition.
   *
   * @param count of all of them
   * @param each of a partition, but for the last one
   */
  record Layout(int count, int each) implements Serializable {
    /**
     * A layout of partitions that are not too large, and enough for all slots.
     *
     * @param count of the images
     * @param form whose shape they have
     * @param bytes of a partition, at most
     */
    static Layout of(int count, LabelledImages form, long bytes, int slots) {
      long fit = Math.max(1, bytes / ImageParts.bytes(form));
      int even = Math.max(1, (count + 2 * slots - 1) / (2 * slots));
      return new Layout(count, (int) Math.min(fit, even));
    }

    int part(int image) {
      return image / each;
    }

    int first(int part) {
      return part * each;
    }

    int size(int part) {
      return Math.min(each, count - first(part));
    }

    int parts() {
      return (count + each - 1) / each;
    }

    int[] sizes() {
      return IntStream.range(0, parts()).map(this::size).toArray();
    }
  }

  /**
   * Reads images into the memory, or onto the disks, of executors.
   *
   * @param source each image once, by its partition, with its place there
   * @param form whose shape the images have
   */
  ImageParts(JavaRDD<Tuple2<Integer, Slab>> source, LabelledImages form, Layout layout) {
    this.layout = layout;
    this.parts =
        Slab.gathered(source, form, layout.sizes()).persist(StorageLevel.MEMORY_AND_DISK_SER());
    byte[] labels = new byte[layout.count()];
    List<byte[]> all = parts.map(ImageParts::labels).collect();
    for (int part = 0; part < all.size(); part++) {
      byte[] some = all.get(part);
      System.arraycopy(some, 0, labels, layout.first(part), some.length);
    }
    set =
        LabelledImages.elsewhere(
            form.rows(), form.columns(), form.channels(), form.areFloats(), labels);
  }

  private static byte[] labels(LabelledImages images) {
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) images.label(i);
    }
    return labels;
  }

  /** Of an image. */
  static long bytes(LabelledImages form) {
    return (long) form.pixelsPerImage() * (form.areFloats() ? Float.BYTES : 1) + 1;
  }

  /** The images, of which the driver has the labels alone. */
  LabelledImages set() {
    return set;
  }

  Layout layout() {
    return layout;
  }

  /** By partition. */
  JavaRDD<LabelledImages> rdd() {
    return parts;
  }

  /** One partition, brought here. */
  LabelledImages here(int part) {
    return parts.collectPartitions(new int[] {part})[0].get(0);
  }

  void close() {
    if (!parts.context().isStopped()) {
      parts.unpersist(false);
    }
  }
}
