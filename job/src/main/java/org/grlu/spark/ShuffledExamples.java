package org.grlu.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import org.grlu.datasets.LabelledImages;
import org.grlu.rule.LeafGrid;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/**
 * Images in partitions over the cluster. An epoch begins with one shuffle that brings each example
 * to the shard that computes it, in the order of the steps. Executors hold the shuffled epoch on
 * their disks, and of it in memory the steps around the one that runs. Shards return the images of
 * their examples with their sums, for what the driver makes of a whole step.
 */
final class ShuffledExamples implements StepExamples<LabelledImages> {
  private final JavaSparkContext spark;
  private final ImageParts images;
  private final LeafGrid grid;
  private final long most;
  private final int[] numbers;

  // of the epoch; null before the first
  private EpochCut cut;
  private Broadcast<int[]> places;
  private RDD<LabelledImages> epoch;

  /** The chunk that is held in memory, and its number; null before the first. */
  private RDD<LabelledImages> chunk;

  private int chunkNumber;
  private int at;

  /**
   * @param bytes of images that a task has in memory, about
   */
  ShuffledExamples(JavaSparkContext spark, ImageParts images, LeafGrid grid, long bytes) {
    this.spark = spark;
    this.images = images;
    this.grid = grid;
    this.most = bytes / ImageParts.bytes(images.set());
    this.numbers = IntStream.range(0, grid.batch()).toArray();
  }

  @Override
  public boolean mayCut(int from) {
    return from == 0;
  }

  @Override
  public RDD<LabelledImages> partitions(int[] order, int from, int shards) {
    if (from == 0) {
      begin(order, shards);
    }
    at = from;
    int number = cut.chunk(from);
    if (chunk == null || number != chunkNumber) {
      forgetChunk();
      chunkNumber = number;
      chunk =
          PartitionPruningRDD.create(epoch, new OfChunk(number, shards))
              .persist(StorageLevel.MEMORY_AND_DISK());
    }
    return chunk;
  }

  private void begin(int[] order, int shards) {
    end();
    cut = EpochCut.of(grid, order.length / grid.batch(), shards, most);
    places = spark.broadcast(places(order, cut.examples(), images.layout().count()));
    epoch = shuffled(images, places, cut).rdd();
  }

  /** By number, where an example stands; -1 where it doesn't. */
  private static int[] places(int[] order, int presented, int examples) {
    int[] places = new int[examples];
    Arrays.fill(places, -1);
    for (int i = 0; i < presented; i++) {
      places[order[i]] = i;
    }
    return places;
  }

  private static JavaRDD<LabelledImages> shuffled(
      ImageParts images, Broadcast<int[]> places, EpochCut cut) {
    return Slab.gathered(
        images.rdd().mapPartitionsWithIndex(new ToShards(images.layout(), places, cut), false),
        images.set(),
        cut.sizes());
  }

  /**
   * Some images, brought here.
   *
   * @param some their numbers, each once
   */
  static LabelledImages here(JavaSparkContext spark, ImageParts images, int[] some) {
    Broadcast<int[]> places = spark.broadcast(places(some, some.length, images.layout().count()));
    try {
      return shuffled(images, places, new EpochCut(some.length)).collect().get(0);
    } finally {
      Broadcasts.takeBack(spark.sc(), places);
    }
  }

  @Override
  public ShardExamples<LabelledImages> ofShards() {
    return new Read(cut, at, ImageParts.bytes(images.set()));
  }

  @Override
  public LabelledImages images(List<ByteBuffer> returned) {
    LabelledImages form = images.set();
    int count = grid.batch();
    int width = form.pixelsPerImage();
    byte[] labels = new byte[count];
    byte[] pixels = form.areFloats() ? null : new byte[count * width];
    float[] features = form.areFloats() ? new float[count * width] : null;
    for (int s = 0; s < returned.size(); s++) {
      ByteBuffer in = returned.get(s);
      int first = cut.first(s);
      int size = cut.size(s);
      in.get(labels, first, size);
      if (form.areFloats()) {
        in.asFloatBuffer().get(features, first * width, size * width);
      } else {
        in.get(pixels, first * width, size * width);
      }
    }
    return form.areFloats()
        ? LabelledImages.ofFloats(form.rows(), form.columns(), form.channels(), features, labels)
        : new LabelledImages(form.rows(), form.columns(), form.channels(), pixels, labels);
  }

  @Override
  public int[] numbers() {
    return numbers;
  }

  private void forgetChunk() {
    if (chunk != null && !spark.sc().isStopped()) {
      chunk.unpersist(false);
    }
    chunk = null;
  }

  private void end() {
    forgetChunk();
    if (epoch != null && !spark.sc().isStopped()) {
      epoch.cleanShuffleDependencies(false);
      Broadcasts.takeBack(spark.sc(), places);
    }
    epoch = null;
  }

  @Override
  public void close() {
    end();
  }

  /** What a task reads; a plain class, since Kryo can't make records. */
  private static final class Read implements ShardExamples<LabelledImages> {
    private static final long serialVersionUID = 1;

    private final EpochCut cut;
    private final int at;
    private final long bytes;

    Read(EpochCut cut, int at, long bytes) {
      this.cut = cut;
      this.at = at;
      this.bytes = bytes;
    }

    @Override
    public LabelledImages images(scala.collection.Iterator<LabelledImages> partition) {
      return partition.next();
    }

    @Override
    public int[] order(int shard) {
      int[] order = new int[cut.batch()];
      int size = cut.size(shard);
      for (int i = 0; i < size; i++) {
        order[cut.first(shard) + i] = number(shard, i);
      }
      return order;
    }

    private int number(int shard, int i) {
      return cut.place(shard, at + cut.first(shard) + i);
    }

    @Override
    public int bytes(int shard) {
      return Math.toIntExact(cut.size(shard) * bytes);
    }

    @Override
    public void put(LabelledImages images, int shard, ByteBuffer out) {
      int size = cut.size(shard);
      if (size == 0) {
        return;
      }
      int width = images.pixelsPerImage();
      int first = number(shard, 0);
      for (int i = 0; i < size; i++) {
        out.put((byte) images.label(first + i));
      }
      if (images.areFloats()) {
        out.asFloatBuffer().put(images.features(), first * width, size * width);
      } else {
        out.put(images.pixels(), first * width, size * width);
      }
    }
  }

  /** The partitions of one chunk. */
  private static final class OfChunk extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final int number;
    private final int shards;

    OfChunk(int number, int shards) {
      this.number = number;
      this.shards = shards;
    }

    @Override
    public Object apply(Object partition) {
      return (int) partition / shards == number;
    }
  }

  /** A partition's images by the partitions that they are presented from. */
  private record ToShards(ImageParts.Layout layout, Broadcast<int[]> places, EpochCut cut)
      implements Function2<Integer, Iterator<LabelledImages>, Iterator<Tuple2<Integer, Slab>>> {
    @Override
    public Iterator<Tuple2<Integer, Slab>> call(Integer part, Iterator<LabelledImages> values) {
      LabelledImages images = values.next();
      int[] stands = places.value();
      int first = layout.first(part);
      int[] counts = new int[cut.partitions()];
      for (int i = 0; i < images.size(); i++) {
        for (int s = 0; s < cut.shards() && stands[first + i] >= 0; s++) {
          int at = stands[first + i];
          counts[cut.partition(s, at)] += cut.needs(s, at) ? 1 : 0;
        }
      }
      int[][] numbers = new int[counts.length][];
      int[][] to = new int[counts.length][];
      Arrays.setAll(numbers, p -> new int[counts[p]]);
      Arrays.setAll(to, p -> new int[counts[p]]);
      for (int i = 0; i < images.size(); i++) {
        for (int s = 0; s < cut.shards() && stands[first + i] >= 0; s++) {
          int at = stands[first + i];
          if (cut.needs(s, at)) {
            int p = cut.partition(s, at);
            int k = --counts[p];
            numbers[p][k] = i;
            to[p][k] = cut.place(s, at);
          }
        }
      }
      return IntStream.range(0, counts.length)
          .filter(p -> numbers[p].length > 0)
          .mapToObj(p -> new Tuple2<>(p, Slab.of(images, numbers[p], to[p])))
          .iterator();
    }
  }
}
