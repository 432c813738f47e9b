package org.grlu.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.reports.HadoopFiles;
import scala.collection.immutable.ArraySeq;

/**
 * Codes as Parquet: a dataset again, in a folder with a folder for each set. Executors encode and
 * write partitions, some examples at a time; the driver holds none but those it was given. Rows
 * have the order of the examples. All is written beside the folder and moved to its name when it is
 * whole.
 */
public final class EncodedDataset implements AutoCloseable {
  /** Examples that are encoded together. */
  private static final int BLOCK = 256;

  /** Images of the driver's that are a task, and a file. */
  private static final int SLICE = 5_000;

  /** A file that Spark wrote, of the partition of that number. */
  private static final Pattern PART = Pattern.compile("part-(\\d+)-");

  private final JavaSparkContext spark;
  private final SparkSession session = SparkSession.builder().getOrCreate();
  private final Broadcast<Encoder> encoder;
  private final StructType schema;
  private final FileSystem files;
  private final Path folder;
  private final Path temporary;
  private final Consumer<String> progress;

  /**
   * A dataset to be written.
   *
   * @param folder a path or URI
   * @param labelColumn of whole numbers
   * @param featureColumn of arrays of floats
   * @param progress hears how it goes
   * @throws DatasetException if the folder is there already
   * @throws IOException where nothing can be written
   */
  public EncodedDataset(
      JavaSparkContext spark,
      Encoder encoder,
      String folder,
      String labelColumn,
      String featureColumn,
      Consumer<String> progress)
      throws IOException {
    this.spark = spark;
    this.progress = progress;
    schema =
        new StructType()
            .add(labelColumn, DataTypes.LongType, false)
            .add(featureColumn, DataTypes.createArrayType(DataTypes.FloatType, false), false);
    Path given = HadoopFiles.path(folder);
    files = HadoopFiles.of(given, HadoopFiles.configuration());
    this.folder = files.makeQualified(given);
    refuse(folder, files, this.folder);
    temporary =
        new Path(this.folder.getParent(), ".%s.%s".formatted(given.getName(), UUID.randomUUID()));
    this.encoder = spark.broadcast(encoder);
  }

  /**
   * Refuses a folder that is there already.
   *
   * @param folder a path or URI
   */
  public static void refuse(String folder) throws IOException {
    Path given = HadoopFiles.path(folder);
    FileSystem files = HadoopFiles.of(given, HadoopFiles.configuration());
    refuse(folder, files, files.makeQualified(given));
  }

  private static void refuse(String given, FileSystem files, Path folder) throws IOException {
    if (files.exists(folder)) {
      throw new DatasetException(given + ": is there already; codes are written to a new folder");
    }
  }

  /**
   * Encodes images that the driver holds.
   *
   * @param set the folder's name
   * @return how many
   */
  public long write(String set, LabelledImages images) throws IOException {
    List<LabelledImages> slices = new ArrayList<>();
    for (int from = 0; from < images.size(); from += SLICE) {
      slices.add(images.slice(from, Math.min(from + SLICE, images.size())));
    }
    write(
        set,
        spark.parallelize(slices, slices.size()).mapPartitions(new OfImages(encoder)),
        IntStream.range(0, slices.size()).toArray());
    return images.size();
  }

  /**
   * Encodes examples in Parquet.
   *
   * @param set the folder's name
   * @param key that names the examples, for errors
   * @param uri of a file, or of a folder that holds files
   * @param labelColumn as in {@link ParquetExamples#read}
   * @param featureColumn as in {@link ParquetExamples#read}
   * @return how many
   * @throws DatasetException if they are not there, damaged, or of another length
   */
  public long write(String set, String key, String uri, String labelColumn, String featureColumn)
      throws IOException {
    String name = key + " " + uri;
    try {
      ParquetExamples.Source source =
          ParquetExamples.Source.of(session, name, uri, labelColumn, featureColumn);
      JavaRDD<ParquetExamples.Example> examples = source.unmixed(session);
      write(
          set,
          examples.mapPartitions(new OfExamples(encoder, name)),
          places(examples.partitions()));
    } catch (DatasetException | IOException e) {
      throw e;
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException and others undeclared
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof DatasetException) {
          throw new DatasetException(cause.getMessage(), e);
        }
      }
      throw new DatasetException(name + ": can't be encoded: " + ParquetExamples.words(e), e);
    }
    return session.read().parquet(new Path(temporary, set).toString()).count();
  }

  /** The place that each partition's rows have: by its file's name, then where it begins there. */
  private static int[] places(List<Partition> partitions) {
    List<PartitionedFile> parts = new ArrayList<>();
    for (Partition each : partitions) {
      parts.add(((FilePartition) each).files()[0]);
    }
    List<PartitionedFile> sorted = new ArrayList<>(parts);
    sorted.sort(
        Comparator.comparing((PartitionedFile part) -> part.toPath().getName())
            .thenComparingLong(PartitionedFile::start));
    return parts.stream().mapToInt(sorted::indexOf).toArray();
  }

  /**
   * Writes a set.
   *
   * @param places the place of each partition's rows
   */
  private void write(String set, JavaRDD<Row> rows, int[] places) throws IOException {
    Path path = new Path(temporary, set);
    Counted counted = new Counted(set, places.length);
    spark.sc().addSparkListener(counted);
    try {
      session
          .createDataFrame(rows, schema)
          .write()
          .option("parquet.enable.dictionary", "false") // hardly two values of codes are the same
          .option(
              "maxRecordsPerFile", 0) // one file a partition, whatever the cluster's properties say
          .parquet(path.toString());
    } finally {
      spark.sc().removeSparkListener(counted);
    }
    // names without the identifier of the job that wrote them; the order is in their numbers
    Path[] written = new Path[places.length];
    for (FileStatus file : files.listStatus(path)) {
      Matcher part = PART.matcher(file.getPath().getName());
      if (part.lookingAt()) {
        written[places[Integer.parseInt(part.group(1))]] = file.getPath();
      } else {
        files.delete(file.getPath(), false);
      }
    }
    int number = 0;
    for (Path file : written) {
      if (file != null) { // there is none of a partition without rows
        files.rename(file, new Path(path, "part-%05d.parquet".formatted(number++)));
      }
    }
  }

  /** Writes a file beside the sets. */
  public void write(String name, byte[] content) throws IOException {
    try (var out = files.create(new Path(temporary, name), false)) {
      out.write(content);
    }
  }

  /** Gives the folder its name. */
  public void commit() throws IOException {
    refuse(folder.toString(), files, folder);
    if (!files.rename(temporary, folder)) {
      throw new IOException(folder + ": the folder can't be made; permission denied, say");
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    Broadcasts.takeBack(spark.sc(), encoder);
    files.delete(temporary, true);
  }

  /** Says how many tasks are over. */
  private final class Counted extends SparkListener {
    private final String set;
    private final int of;
    private int over;

    Counted(String set, int of) {
      this.set = set;
      this.of = of;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      over++;
      progress.accept("codes of the set %s: %d of %d parts".formatted(set, over, of));
    }
  }

  /** Rows of a partition's codes, encoded some at a time. */
  private abstract static class Rows implements Iterator<Row> {
    private final Encoder encoder;
    private final float[] codes;
    private LabelledImages block;
    private long[] labels = new long[0];
    private int count;
    private int next;

    Rows(Encoder encoder) {
      this.encoder = encoder;
      this.codes = new float[BLOCK * encoder.size()];
    }

    /** Sets the next block; leaves it as it is where there is none. */
    abstract void fill();

    final void set(LabelledImages images, int from, int some, long[] theirs) {
      block = images;
      encoder.encode(block, from, some, codes, 0);
      labels = theirs;
      count = some;
      next = 0;
    }

    @Override
    public boolean hasNext() {
      if (next == count) {
        fill();
      }
      return next < count;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int d = encoder.size();
      float[] code = new float[d];
      System.arraycopy(codes, next * d, code, 0, d);
      return RowFactory.create(labels[next++], ArraySeq.unsafeWrapArray(code));
    }
  }

  /** A named class, so that Spark has no closure to clean. */
  private record OfImages(Broadcast<Encoder> encoder)
      implements FlatMapFunction<Iterator<LabelledImages>, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<LabelledImages> slices) {
      return new Rows(encoder.value()) {
        private LabelledImages slice;
        private int at;

        @Override
        void fill() {
          if (slice == null || at == slice.size()) {
            if (!slices.hasNext()) {
              return;
            }
            slice = slices.next();
            at = 0;
          }
          int some = Math.min(BLOCK, slice.size() - at);
          long[] labels = new long[some];
          for (int i = 0; i < some; i++) {
            labels[i] = slice.label(at + i);
          }
          set(slice, at, some, labels);
          at += some;
        }
      };
    }
  }

  /** The same. */
  private record OfExamples(Broadcast<Encoder> encoder, String name)
      implements FlatMapFunction<Iterator<ParquetExamples.Example>, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<ParquetExamples.Example> examples) {
      int width = encoder.value().inputs();
      return new Rows(encoder.value()) {
        @Override
        void fill() {
          if (!examples.hasNext()) {
            return;
          }
          float[] values = new float[BLOCK * width];
          long[] labels = new long[BLOCK];
          int some = 0;
          for (; some < BLOCK && examples.hasNext(); some++) {
            ParquetExamples.Example example = examples.next();
            example.check(name, width, "as the slow system reads");
            System.arraycopy(example.features(), 0, values, some * width, width);
            labels[some] = example.label();
          }
          set(LabelledImages.ofFloats(1, width, 1, values, new byte[BLOCK]), 0, some, labels);
        }
      };
    }
  }
}
