package org.grlu.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.executor.OutputMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.network.ModelFile;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.reports.HadoopFiles;
import org.grlu.training.Predictor;
import org.grlu.training.TrialSettings;
import scala.collection.immutable.ArraySeq;

/**
 * A model's answers to examples, as Parquet. Executors read, answer and write partitions, some
 * examples at a time; the driver holds none but those it was given. All is written beside the
 * folder and moved to its name when it is whole.
 */
public final class Predictions implements AutoCloseable {
  /** The file of an example, and its place there from 0. */
  public static final String FILE = "file";

  public static final String ROW = "row";

  /** What the example's label is, where there are labels. */
  public static final String LABEL = "label";

  /** The class with the largest probability, as labels count it. */
  public static final String CLASS = "class";

  /** By class: the softmax of the logits. */
  public static final String PROBABILITIES = "probabilities";

  /** Examples that are answered together. */
  private static final int BLOCK = 256;

  /** Images of the driver's that are a task, and a file. */
  private static final int SLICE = 5_000;

  private final JavaSparkContext spark;
  private final SparkSession session = SparkSession.builder().getOrCreate();
  private final Model model;
  private final Path folder;
  private final FileSystem files;
  private final Path temporary;
  private final Consumer<String> progress;

  /**
   * What was written.
   *
   * @param labelled of the rows, those with a label
   * @param right of these, those whose class is the label; 0 where labels are no numbers
   */
  public record Result(long rows, long labelled, long right) {}

  /**
   * Answers to be written.
   *
   * @param file the model's, whole: it fits the settings
   * @param encoder of the codes that the model reads; null where it reads examples as they are
   * @param firstClass the label of class 0
   * @param folder a path or URI
   * @param progress hears how it goes
   * @throws DatasetException if the folder is there already
   */
  public Predictions(
      JavaSparkContext spark,
      TrialSettings settings,
      byte[] file,
      Encoder encoder,
      int firstClass,
      String folder,
      Consumer<String> progress)
      throws IOException {
    refuse(folder);
    Path given = HadoopFiles.path(folder);
    this.spark = spark;
    this.progress = progress;
    files = HadoopFiles.of(given, HadoopFiles.configuration());
    this.folder = files.makeQualified(given);
    temporary =
        new Path(this.folder.getParent(), ".%s.%s".formatted(given.getName(), UUID.randomUUID()));
    model =
        new Model(
            settings,
            spark.broadcast(file),
            encoder == null ? null : spark.broadcast(encoder),
            firstClass);
  }

  /**
   * Refuses a folder that is there already.
   *
   * @param folder a path or URI
   */
  public static void refuse(String folder) throws IOException {
    Path given = HadoopFiles.path(folder);
    FileSystem files = HadoopFiles.of(given, HadoopFiles.configuration());
    if (files.exists(files.makeQualified(given))) {
      throw new DatasetException(folder + ": is there already; answers go to a new folder");
    }
  }

  /**
   * Answers to images that the driver holds.
   *
   * @param file what they are called
   * @param labelled whether their labels are known
   */
  public Result write(LabelledImages images, String file, boolean labelled) throws IOException {
    List<Slice> slices = new ArrayList<>();
    for (int from = 0; from < images.size(); from += SLICE) {
      slices.add(new Slice(images.slice(from, Math.min(from + SLICE, images.size())), from));
    }
    StructType schema = schema(labelled ? DataTypes.IntegerType : null);
    return write(
        session.createDataFrame(
            spark
                .parallelize(slices, Math.max(1, slices.size()))
                .mapPartitions(new OfImages(model, file, labelled)),
            schema),
        labelled);
  }

  /**
   * Answers to examples in Parquet.
   *
   * @param name of the examples, for errors
   * @param uri of a file, or of a folder that holds files
   * @param labelColumn is kept where there is such a column
   * @param featureColumn as in {@link ParquetExamples#read}
   * @throws DatasetException if they are not there, damaged, or of another length
   */
  public Result write(String name, String uri, String labelColumn, String featureColumn)
      throws IOException {
    try {
      ParquetExamples.Source source =
          ParquetExamples.Source.unlabelled(session, name, uri, labelColumn, featureColumn);
      boolean labelled = source.featuresAt() > 0;
      DataType label = labelled ? source.schema().fields()[0].dataType() : null;
      return write(
          source
              .rows(session)
              .mapPartitions(
                  new OfRows(model, name, labelled, source.areArrays()),
                  Encoders.row(schema(label))),
          label instanceof NumericType);
    } catch (DatasetException | IOException e) {
      throw e;
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException and others undeclared
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof DatasetException) {
          throw new DatasetException(cause.getMessage(), e);
        }
      }
      throw new DatasetException(name + ": can't be answered: " + ParquetExamples.words(e), e);
    }
  }

  private static StructType schema(DataType label) {
    StructType schema =
        new StructType().add(FILE, DataTypes.StringType).add(ROW, DataTypes.LongType);
    return (label == null ? schema : schema.add(LABEL, label))
        .add(CLASS, DataTypes.IntegerType)
        .add(PROBABILITIES, DataTypes.createArrayType(DataTypes.FloatType, false));
  }

  /** Writes answers, and moves them where they belong. */
  private Result write(Dataset<Row> answers, boolean compared) throws IOException {
    Counted counted = new Counted();
    spark.sc().addSparkListener(counted);
    try {
      answers.write().parquet(temporary.toString());
    } finally {
      spark.sc().removeSparkListener(counted);
    }
    Row sums =
        session
            .read()
            .parquet(temporary.toString())
            .selectExpr(
                "count(*)",
                compared ? "count(label)" : "0L",
                compared ? "count_if(label = class)" : "0L")
            .first();
    refuse(folder.toString());
    if (!files.rename(temporary, folder)) {
      throw new IOException(folder + ": the folder can't be made; permission denied, say");
    }
    return new Result(sums.getLong(0), sums.getLong(1), sums.getLong(2));
  }

  /** Removes what did not become whole. */
  @Override
  public void close() throws IOException {
    Broadcasts.takeBack(spark.sc(), model.file);
    if (model.encoder != null) {
      Broadcasts.takeBack(spark.sc(), model.encoder);
    }
    files.delete(temporary, true);
  }

  /** Says how many tasks are over, and how many rows they wrote. */
  private final class Counted extends SparkListener {
    private int of;
    private int over;
    private long rows;

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      of = stage.stageInfo().numTasks();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (!end.taskInfo().successful() || end.taskMetrics() == null) {
        return;
      }
      OutputMetrics written = end.taskMetrics().outputMetrics();
      over++;
      rows += written.recordsWritten();
      progress.accept("%d of %d parts, %,d rows".formatted(over, of, rows));
    }
  }

  /** A model as it travels with a task: a plain class, as all that goes through serialisers. */
  private static final class Model implements Serializable {
    private static final long serialVersionUID = 1;

    private final TrialSettings settings;
    private final Broadcast<byte[]> file;
    private final Broadcast<Encoder> encoder;
    private final int firstClass;

    Model(
        TrialSettings settings,
        Broadcast<byte[]> file,
        Broadcast<Encoder> encoder,
        int firstClass) {
      this.settings = settings;
      this.file = file;
      this.encoder = encoder;
      this.firstClass = firstClass;
    }

    /** Values of an example. */
    int inputs() {
      return encoder == null ? settings.shape().inputs(0) : encoder.value().inputs();
    }

    Predictor predictor() {
      State state = settings.rule().scoresByState() ? settings.state() : State.NONE;
      Weights weights = ModelFile.read(file.value()).weights(settings.shape(), state);
      return new Predictor(settings, weights);
    }
  }

  /** Some of the driver's images. */
  private static final class Slice implements Serializable {
    private static final long serialVersionUID = 1;

    private final LabelledImages images;
    private final long from;

    Slice(LabelledImages images, long from) {
      this.images = images;
      this.from = from;
    }
  }

  /** A partition's answers, made some at a time. */
  private abstract static class Answers implements Iterator<Row> {
    private final int firstClass;
    private final Encoder encoder;
    private final Predictor predictor;
    private final int[] best = new int[BLOCK];
    private final float[] probabilities;

    /** What a row begins with. */
    private final Object[][] keys = new Object[BLOCK][];

    private int count;
    private int next;

    Answers(Model model) {
      firstClass = model.firstClass;
      encoder = model.encoder == null ? null : model.encoder.value();
      predictor = model.predictor();
      probabilities = new float[BLOCK * predictor.classes()];
    }

    /** Sets the next block; leaves it as it is where there is none. */
    abstract void fill();

    /** Takes an example's beginning of a row. */
    final void key(int example, Object... values) {
      keys[example] = values;
    }

    final void answer(LabelledImages images, int from, int some) {
      if (encoder == null) {
        predictor.predict(images, from, some, best, probabilities);
      } else {
        float[] codes = new float[some * encoder.size()];
        encoder.encode(images, from, some, codes, 0);
        LabelledImages coded = LabelledImages.ofFloats(1, encoder.size(), 1, codes, new byte[some]);
        predictor.predict(coded, 0, some, best, probabilities);
      }
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
      int classes = predictor.classes();
      Object[] key = keys[next];
      Object[] row = Arrays.copyOf(key, key.length + 2);
      row[key.length] = firstClass + best[next];
      row[key.length + 1] =
          ArraySeq.unsafeWrapArray(
              Arrays.copyOfRange(probabilities, next * classes, (next + 1) * classes));
      next++;
      return RowFactory.create(row);
    }
  }

  /** A named class, so that Spark has no closure to clean. */
  private record OfImages(Model model, String file, boolean labelled)
      implements FlatMapFunction<Iterator<Slice>, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Slice> slices) {
      return new Answers(model) {
        private Slice slice;
        private int at;

        @Override
        void fill() {
          if (slice == null || at == slice.images.size()) {
            if (!slices.hasNext()) {
              return;
            }
            slice = slices.next();
            at = 0;
          }
          int some = Math.min(BLOCK, slice.images.size() - at);
          for (int i = 0; i < some; i++) {
            long row = slice.from + at + i;
            if (labelled) {
              key(i, file, row, model.firstClass + slice.images.label(at + i));
            } else {
              key(i, file, row);
            }
          }
          answer(slice.images, at, some);
          at += some;
        }
      };
    }
  }

  /** The same. */
  private record OfRows(Model model, String name, boolean labelled, boolean arrays)
      implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      int width = model.inputs();
      float[] values = new float[BLOCK * width];
      byte[] unknown = new byte[BLOCK];
      return new Answers(model) {
        @Override
        void fill() {
          int some = 0;
          for (; some < BLOCK && rows.hasNext(); some++) {
            Row row = rows.next();
            float[] features = ParquetExamples.features(row, labelled ? 3 : 2, arrays);
            check(row, features, width);
            System.arraycopy(features, 0, values, some * width, width);
            if (labelled) {
              key(some, row.get(0), row.get(1), row.get(2));
            } else {
              key(some, row.get(0), row.get(1));
            }
          }
          if (some > 0) {
            answer(LabelledImages.ofFloats(1, width, 1, values, unknown), 0, some);
          }
        }
      };
    }

    private void check(Row row, float[] features, int width) {
      String place = "%s: row %s of %s ".formatted(name, row.get(1), row.get(0));
      if (features == null) {
        throw new DatasetException(place + "has no features");
      }
      if (features.length != width) {
        throw new DatasetException(
            place + "has %d features; must have %d".formatted(features.length, width));
      }
      for (int i = 0; i < width; i++) {
        if (!Float.isFinite(features[i])) {
          throw new DatasetException(
              place + "has %s as value %d; must be finite".formatted(features[i], i));
        }
      }
    }
  }
}
