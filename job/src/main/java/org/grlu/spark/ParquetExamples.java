package org.grlu.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelValues;
import org.grlu.datasets.Values;
import org.grlu.reports.HadoopFiles;

/**
 * A set of examples in Parquet: a file, or a folder of files. They are in the order of the files'
 * names and, in a file, of its rows, however Spark spreads the reading.
 */
public final class ParquetExamples {
  private static final Set<DataType> LABELS =
      Set.of(
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType);

  /** Of the struct as which Spark ML stores a vector, dense or sparse. */
  private static final List<String> VECTOR = List.of("type", "size", "indices", "values");

  /** Which file it is, as Spark says. */
  private static final Pattern READING = Pattern.compile("while reading file (.*?)\\.?\\s");

  private final Values values;
  private final LabelValues labels;

  private ParquetExamples(Values values, LabelValues labels) {
    this.values = values;
    this.labels = labels;
  }

  public Values values() {
    return values;
  }

  public LabelValues labels() {
    return labels;
  }

  /**
   * Reads a set with the Spark that runs.
   *
   * @param key that names it, for errors
   * @param uri of a file, or of a folder that holds files
   * @param labelColumn of whole numbers, of any numeric type
   * @param featureColumn of arrays of floats or doubles, or of vectors of Spark ML
   * @throws DatasetException if there is no such file, or it is damaged; if there are no such
   *     columns, or rows without a value; if vectors are not as long as the first one
   */
  public static ParquetExamples read(
      String key, String uri, String labelColumn, String featureColumn) {
    String name = key + " " + uri;
    try {
      SparkSession session = SparkSession.builder().getOrCreate();
      Source source = Source.of(session, name, uri, labelColumn, featureColumn);
      List<Example> examples = new ArrayList<>(source.examples(session).collect());
      examples.sort(
          Comparator.comparing((Example example) -> example.file)
              .thenComparingLong(example -> example.row));
      return of(name, examples);
    } catch (DatasetException e) {
      throw e;
    } catch (Exception e) {
      // not only those declared: Spark's methods throw SparkException and others undeclared
      throw new DatasetException(name + ": can't be read as Parquet: " + words(e), e);
    }
  }

  /**
   * Where a set lies.
   *
   * @param files by name
   * @param schema of the label's and the features' column
   */
  record Source(String name, List<String> files, StructType schema) {
    /**
     * Looks for it.
     *
     * @param name for errors
     * @throws DatasetException if it is not there, or has no such columns
     */
    static Source of(
        SparkSession session, String name, String uri, String labelColumn, String featureColumn)
        throws IOException {
      List<String> files = ParquetExamples.files(name, uri);
      StructType found = strict(session).parquet(files.get(0)).schema();
      DataType label = label(name, found, labelColumn);
      StructType schema = new StructType().add(labelColumn, label);
      return new Source(
          name, files, schema.add(featureColumn, features(name, found, featureColumn)));
    }

    /**
     * The same of a set that need not have labels: where it has no such column the schema is of the
     * features' alone. Labels may be of any type.
     */
    static Source unlabelled(
        SparkSession session, String name, String uri, String labelColumn, String featureColumn)
        throws IOException {
      List<String> files = ParquetExamples.files(name, uri);
      StructType found = strict(session).parquet(files.get(0)).schema();
      StructType schema = new StructType();
      for (StructField field : found.fields()) {
        schema = field.name().equals(labelColumn) ? schema.add(field) : schema;
      }
      return new Source(
          name, files, schema.add(featureColumn, features(name, found, featureColumn)));
    }

    /** The features' place in the schema, after the label's. */
    int featuresAt() {
      return schema.size() - 1;
    }

    /** Whether features are arrays, and no vectors. */
    boolean areArrays() {
      return schema.fields()[featuresAt()].dataType() instanceof ArrayType;
    }

    /** How many rows each file has, by its name without its folder's; none of an empty one. */
    SortedMap<String, Long> counts(SparkSession session) {
      SortedMap<String, Long> counts = new TreeMap<>();
      strict(session)
          .schema(schema)
          .parquet(files.toArray(String[]::new))
          .selectExpr("_metadata.file_name AS name")
          .groupBy("name")
          .count()
          .collectAsList()
          .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
      return counts;
    }

    /** The set's rows: a file's name, the place in it, and the schema's columns. */
    Dataset<Row> rows(SparkSession session) {
      List<String> columns = new ArrayList<>(List.of("_metadata.file_name", "_metadata.row_index"));
      for (String column : schema.fieldNames()) {
        columns.add(quoted(column));
      }
      return strict(session)
          .schema(schema)
          .parquet(files.toArray(String[]::new))
          .selectExpr(columns.toArray(String[]::new));
    }

    /** The examples; those of a file in their order, unless it is split. */
    JavaRDD<Example> examples(SparkSession session) {
      return rows(session).toJavaRDD().map(new ToExample(areArrays()));
    }

    /**
     * The examples in partitions that each hold consecutive rows of one file, as Spark's partitions
     * of several small files do not.
     */
    JavaRDD<Example> unmixed(SparkSession session) {
      SparkSession own = session.newSession();
      // a file that costs a whole partition to open is alone in one
      String whole = own.conf().get("spark.sql.files.maxPartitionBytes");
      own.conf().set("spark.sql.files.openCostInBytes", whole);
      return examples(own);
    }
  }

  /** A cluster whose properties say otherwise must not leave out what is damaged. */
  private static DataFrameReader strict(SparkSession session) {
    return session
        .read()
        .option("ignoreCorruptFiles", "false")
        .option("ignoreMissingFiles", "false")
        .option("mergeSchema", "false");
  }

  /** The set's files by name, as Spark takes them, which reads patterns in paths. */
  private static List<String> files(String name, String uri) throws IOException {
    Path path = HadoopFiles.path(uri);
    FileSystem system = HadoopFiles.of(path, HadoopFiles.configuration());
    List<String> files = new ArrayList<>();
    for (FileStatus each : all(name, system, path)) {
      if (each.isDirectory()) {
        throw new DatasetException(
            "%s: holds the folder %s; must be a file, or hold files alone"
                .formatted(name, each.getPath().getName()));
      }
      files.add(each.getPath().toString().replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0"));
    }
    if (files.isEmpty()) {
      throw new DatasetException(name + ": holds no file; must hold Parquet");
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /** The file, or what is in the folder but for what Spark and Hadoop write beside. */
  private static List<FileStatus> all(String name, FileSystem system, Path path)
      throws IOException {
    try {
      FileStatus given = system.getFileStatus(path);
      return given.isDirectory()
          ? Stream.of(system.listStatus(path))
              .filter(each -> !each.getPath().getName().matches("[._].*"))
              .toList()
          : List.of(given);
    } catch (FileNotFoundException e) {
      throw new DatasetException(name + ": there is no such file or folder", e);
    }
  }

  private static DataType label(String name, StructType found, String column) {
    DataType label = type(name, found, "dataset.label-column", column);
    if (!LABELS.contains(label)) {
      throw new DatasetException(
          "%s: column %s is %s; must be of whole numbers"
              .formatted(name, column, label.simpleString()));
    }
    return label;
  }

  /** Of a vector the struct, whether its class is here or not. */
  private static DataType features(String name, StructType found, String column) {
    DataType feature = type(name, found, "dataset.feature-column", column);
    DataType stored = feature instanceof UserDefinedType<?> own ? own.sqlType() : feature;
    boolean array =
        stored instanceof ArrayType each
            && (each.elementType().equals(DataTypes.FloatType)
                || each.elementType().equals(DataTypes.DoubleType));
    boolean vector =
        stored instanceof StructType struct && Arrays.asList(struct.fieldNames()).equals(VECTOR);
    if (!array && !vector) {
      throw new DatasetException(
          "%s: column %s is %s; must be an array of floats or doubles, or a vector of Spark ML"
              .formatted(name, column, feature.simpleString()));
    }
    return stored;
  }

  private static DataType type(String name, StructType found, String key, String column) {
    return Stream.of(found.fields())
        .filter(field -> field.name().equals(column))
        .findFirst()
        .map(StructField::dataType)
        .orElseThrow(
            () ->
                new DatasetException(
                    "%s: no column %s, as %s says, among %s"
                        .formatted(name, column, key, String.join(", ", found.fieldNames()))));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  private static ParquetExamples of(String name, List<Example> examples) {
    if (examples.isEmpty()) {
      throw new DatasetException(name + ": has no rows; must have at least 1");
    }
    int width = examples.get(0).width();
    long count = (long) examples.size() * width;
    if (count > Integer.MAX_VALUE - 8) {
      throw new DatasetException(
          "%s: %d values; at most %d are allowed".formatted(name, count, Integer.MAX_VALUE - 8));
    }
    float[] values = new float[(int) count];
    long[] labels = new long[examples.size()];
    for (int i = 0; i < labels.length; i++) {
      Example example = examples.get(i);
      example.check(name, width, "as the first row");
      System.arraycopy(example.features, 0, values, i * width, width);
      // its memory is needed: both are as large as the set
      example.features = null;
      labels[i] = (long) example.label;
    }
    return new ParquetExamples(
        Values.ofFloats(name, new int[] {labels.length, width}, values),
        new LabelValues(name, labels));
  }

  /** What the innermost cause says, in a line, and of which file. */
  static String words(Throwable e) {
    String file = "";
    String words = "";
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      Matcher reading = READING.matcher(message);
      file = reading.find() ? reading.group(1) : file;
      words = cause.getMessage() == null ? cause.getClass().getSimpleName() : message;
    }
    String line = words.lines().findFirst().orElse("");
    String last = file.substring(file.lastIndexOf('/') + 1);
    return last.isEmpty() || line.contains(last) ? line : file + ": " + line;
  }

  /** A row; a plain class, since Kryo can't make records. */
  static final class Example implements Serializable {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long row;
    private final double label; // NaN where there is none
    private float[] features; // null where there are none

    Example(String file, long row, double label, float[] features) {
      this.file = file;
      this.row = row;
      this.label = label;
      this.features = features;
    }

    long label() {
      return (long) label;
    }

    float[] features() {
      return features;
    }

    String file() {
      return file;
    }

    long row() {
      return row;
    }

    int width() {
      return features == null ? 0 : features.length;
    }

    /**
     * Checks it.
     *
     * @param name of the set
     * @param width the number of features that it must have
     * @param as what it must have so many
     * @throws DatasetException where it has others, or no whole label
     */
    void check(String name, int width, String as) {
      String place = "%s: row %d of %s ".formatted(name, row, file);
      if (features == null || features.length == 0) {
        throw new DatasetException(place + "has no features");
      }
      if (features.length != width) {
        throw new DatasetException(
            place + "has %d features; must have %d, %s".formatted(features.length, width, as));
      }
      if (label != Math.rint(label) || Double.isInfinite(label)) {
        throw new DatasetException(
            place
                + (Double.isNaN(label)
                    ? "has no label"
                    : "has label " + label + "; must be a whole number"));
      }
    }
  }

  /** A row's example: a named class, so that Spark has no closure to clean. */
  private static final class ToExample implements Function<Row, Example> {
    private static final long serialVersionUID = 1;

    private final boolean array;

    ToExample(boolean array) {
      this.array = array;
    }

    @Override
    public Example call(Row row) {
      double label = row.isNullAt(2) ? Double.NaN : ((Number) row.get(2)).doubleValue();
      return new Example(row.getString(0), row.getLong(1), label, features(row, 3, array));
    }
  }

  /** A row's features, from a column of arrays or of vectors; null where it has none. */
  static float[] features(Row row, int column, boolean array) {
    if (row.isNullAt(column)) {
      return null;
    }
    return array ? floats(row.getList(column)) : vector(row.getStruct(column));
  }

  /** Type 0 is sparse, its other values being 0, and type 1 dense. */
  private static float[] vector(Row vector) {
    if (vector.getByte(0) == 1) {
      return floats(vector.getList(3));
    }
    float[] out = new float[vector.getInt(1)];
    float[] values = floats(vector.getList(3));
    List<Integer> indices = vector.getList(2);
    for (int i = 0; i < values.length; i++) {
      out[indices.get(i)] = values[i];
    }
    return out;
  }

  /** Without a number it is NaN, which is refused with its place. */
  private static float[] floats(List<? extends Number> numbers) {
    float[] out = new float[numbers.size()];
    int i = 0;
    for (Number number : numbers) {
      out[i++] = number == null ? Float.NaN : number.floatValue();
    }
    return out;
  }
}
