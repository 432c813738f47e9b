package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.FolderOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples in Parquet, whoever wrote it and however it lies. */
class ParquetExamplesTest {
  private static final StructType FLOATS =
      new StructType()
          .add("label", DataTypes.IntegerType)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType));

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .appName("parquet")
            .config("spark.master", "local[3]")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Writes rows into one file of a name. */
  private Path write(String name, StructType schema, List<Row> rows) throws IOException {
    Path scratch = folder.resolve("scratch");
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .option("parquet.block.size", "2048")
        .option("parquet.page.size", "512")
        .parquet(scratch.toString());
    try (var files = Files.list(scratch)) {
      Path part = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.move(part, file);
    }
  }

  private static Row row(Object label, Object... features) {
    return RowFactory.create(label, Arrays.asList(features));
  }

  private static ParquetExamples read(Path path) {
    return ParquetExamples.read("dataset.train", "file:" + path, "label", "features");
  }

  private static Dataset dataset(Path path) {
    ParquetExamples set = read(path);
    return Datasets.of(
        "d", set.values(), set.labels(), set.values(), set.labels(), FolderOptions.AS_IS);
  }

  private void assertRefused(Path path, String complaint) {
    assertThatThrownBy(() -> dataset(path))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("dataset.train file:" + path + ": ")
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("\n");
    String uri = "file:" + path;
    assertThatThrownBy(
            () ->
                PartitionedDataset.parquet(
                    new JavaSparkContext(spark.sparkContext()),
                    "d",
                    uri,
                    uri,
                    "label",
                    "features",
                    0))
        .as("read in partitions")
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("dataset.train " + uri + ": ")
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("\n");
  }

  /** Three files, the last by name written first, in row groups of 2 kB, and reads of 1 kB. */
  @Test
  void rowsComeInTheOrderOfFilesAndRowsWhateverReadsThem() throws IOException {
    Path set = folder.resolve("set [1]");
    int next = 0;
    for (String name : List.of("a.parquet", "b{1}.parquet", "c d.parquet")) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 400; i++, next++) {
        rows.add(row(next % 5, (float) next, next % 7 + 0.5f));
      }
      if (name.startsWith("c")) {
        // larger files come first in a read, which is by size
        rows = new ArrayList<>(rows.subList(0, 100));
      }
      write("set [1]/" + name, FLOATS, rows);
    }
    Files.writeString(set.resolve("_SUCCESS"), "");
    String bytes = "spark.sql.files.maxPartitionBytes";
    String cost = "spark.sql.files.openCostInBytes";
    List<String> digests = new ArrayList<>();
    for (String most : List.of("128MB", "1KB")) {
      spark.conf().set(bytes, most);
      spark.conf().set(cost, "0");
      Dataset dataset = dataset(set);
      assertThat(dataset.train().size()).isEqualTo(900);
      for (int i = 0; i < 900; i++) {
        assertThat(dataset.train().features()[2 * i]).isEqualTo(i);
        assertThat(dataset.train().label(i)).isEqualTo(i % 5);
      }
      digests.add(dataset.sha256());
      String uri = "file:" + set;
      try (PartitionedDataset parts =
          PartitionedDataset.parquet(
              new JavaSparkContext(spark.sparkContext()), "d", uri, uri, "label", "features", 0)) {
        assertThat(parts.dataset().sha256()).as("read in partitions").isEqualTo(dataset.sha256());
        assertThat(parts.dataset().classes()).isEqualTo(5);
      }
    }
    int parts = spark.read().parquet(set.toString().replace("[", "\\[")).rdd().getNumPartitions();
    assertThat(parts).as("parts of the second read").isGreaterThan(6);
    spark.conf().unset(bytes);
    spark.conf().unset(cost);
    assertThat(digests.get(0)).isEqualTo(digests.get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "float", "double"})
  void labelsMayBeOfAnyNumericType(String type) throws IOException {
    StructType schema =
        new StructType()
            .add("other", DataTypes.StringType)
            .add("label", DataType.fromDDL(type))
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Object label =
          switch (type) {
            case "tinyint" -> (byte) i;
            case "smallint" -> (short) i;
            case "int" -> i;
            case "bigint" -> (long) i;
            case "float" -> (float) i;
            default -> (double) i;
          };
      rows.add(RowFactory.create("x", label, List.of(0.1 * i, -1.5)));
    }
    Dataset dataset = dataset(write("t.parquet", schema, rows));
    assertThat(dataset.classes()).isEqualTo(3);
    assertThat(dataset.train().features()).containsExactly(0, -1.5f, 0.1f, -1.5f, 0.2f, -1.5f);
  }

  /** As Spark ML stores vectors, by a reader that has their class. */
  @Test
  void vectorsAreReadByTheirStruct() throws IOException {
    StructType schema =
        new StructType().add("label", DataTypes.IntegerType).add("features", new FakeVectorType());
    Path file =
        write(
            "v.parquet",
            schema,
            List.of(
                RowFactory.create(0, new FakeVectorType.Vector(new double[] {1, 0, 2})),
                RowFactory.create(1, new FakeVectorType.Vector(new double[] {0, 0, -3}))));
    assertThat(spark.read().parquet(file.toString()).schema().fields()[1].dataType())
        .isInstanceOf(FakeVectorType.class);
    assertThat(dataset(file).train().features()).containsExactly(1, 0, 2, 0, 0, -3);
  }

  /** What Spark ML writes, where its jar is not: the class that the file names is unknown. */
  @Test
  void vectorsAreReadWithoutTheirClass() throws IOException {
    String sqlType = new FakeVectorType().sqlType().json();
    String udt =
        "{\"type\":\"udt\",\"class\":\"org.apache.spark.ml.linalg.NoSuchVector\",\"pyClass\":\"p\",\"sqlType\":"
            + sqlType
            + "}";
    String json =
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"label\",\"type\":\"double\",\"nullable\":false,\"metadata\":{}},"
            + "{\"name\":\"features\",\"type\":"
            + udt
            + ",\"nullable\":true,\"metadata\":{}}]}";
    MessageType type =
        MessageTypeParser.parseMessageType(
            """
            message spark_schema {
              required double label;
              optional group features {
                required int32 type (INTEGER(8,true));
                optional int32 size;
                optional group indices (LIST) { repeated group list { required int32 element; } }
                optional group values (LIST) { repeated group list { required double element; } }
              }
            }
            """);
    Path file = folder.resolve("ml.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
            .withType(type)
            .withExtraMetaData(Map.of("org.apache.spark.sql.parquet.row.metadata", json))
            .build()) {
      writer.write(vector(type, 1, null, null, 1.5, 0, 2));
      writer.write(vector(type, 0, 3, new int[] {2}, 7));
    }
    Dataset dataset = dataset(file);
    assertThat(dataset.train().features()).containsExactly(1.5f, 0, 2, 0, 0, 7);
    assertThat(dataset.train().label(0)).isEqualTo(1);
  }

  private static Group vector(
      MessageType type, int kind, Integer size, int[] indices, double... values) {
    SimpleGroup row = new SimpleGroup(type);
    row.add("label", (double) kind);
    Group features = row.addGroup("features").append("type", kind);
    if (size != null) {
      features.append("size", size);
      Group list = features.addGroup("indices");
      for (int index : indices) {
        list.addGroup("list").append("element", index);
      }
    }
    Group list = features.addGroup("values");
    for (double value : values) {
      list.addGroup("list").append("element", value);
    }
    return row;
  }

  @Test
  void rowsThatDontFitAreRefused() throws IOException {
    Row good = row(0, 1f, 2f);
    Row other = row(1, 3f, 4f);
    assertRefused(
        write("1.parquet", FLOATS, List.of(good, row(1, 3f))),
        "row 1 of 1.parquet has 1 features; must have 2, as the first row");
    assertRefused(
        write("2.parquet", FLOATS, List.of(good, RowFactory.create(1, null))),
        "row 1 of 2.parquet has no features");
    assertRefused(
        write("3.parquet", FLOATS, List.of(good, other, row(null, 3f, 4f))),
        "row 2 of 3.parquet has no label");
    assertRefused(
        write("4.parquet", FLOATS, List.of(good, row(1, 3f, Float.NaN))),
        "value 1 of example 1 is NaN; must be finite");
    assertRefused(
        write("5.parquet", FLOATS, List.of(good, row(1, 3f, null))),
        "value 1 of example 1 is NaN; must be finite");
    assertRefused(
        write("6.parquet", FLOATS, List.of(good, row(300, 3f, 4f))), "label 300 of example 1");
    assertRefused(write("7.parquet", FLOATS, List.of()), "has no rows; must have at least 1");
    StructType doubles =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType));
    assertRefused(
        write("8.parquet", doubles, List.of(row(0.5, 3.0))),
        "row 0 of 8.parquet has label 0.5; must be a whole number");
    assertRefused(
        write("9.parquet", doubles, List.of(row(0.0, 3.0), row(1.0, 1e300))),
        "value 0 of example 1 is Infinity; must be finite as a 32-bit float");
  }

  @Test
  void columnsAndFilesThatAreNotThereAreNamed() throws IOException {
    assertRefused(folder.resolve("nowhere"), "there is no such file or folder");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(empty, "holds no file; must hold Parquet");
    Files.createDirectory(empty.resolve("label=3"));
    assertRefused(empty, "holds the folder label=3; must be a file, or hold files alone");

    StructType words =
        new StructType()
            .add("label", DataTypes.StringType)
            .add("x", DataTypes.createArrayType(DataTypes.StringType));
    Path file = write("w.parquet", words, List.of(row("a", "b")));
    assertRefused(file, "column label is string; must be of whole numbers");
    assertThatThrownBy(() -> ParquetExamples.read("k", "file:" + file, "y", "x"))
        .hasMessageEndingWith("no column y, as dataset.label-column says, among label, x");
    Path good = write("g.parquet", FLOATS, List.of(row(0, 1f), row(1, 2f)));
    assertThatThrownBy(() -> ParquetExamples.read("k", "file:" + good, "label", "label"))
        .hasMessageEndingWith(
            "column label is int; must be an array of floats or doubles, or a vector of Spark ML");

    // another file of the folder has other columns
    Path mixed = Files.createDirectory(folder.resolve("mixed"));
    Files.copy(good, mixed.resolve("a.parquet"));
    Files.copy(file, mixed.resolve("b.parquet"));
    assertRefused(mixed, "mixed/b.parquet: column: [label], physicalType: BINARY");
  }

  @Test
  void damagedFilesAreRefusedWhateverSparkIsToldOfThem() throws IOException {
    Path set = Files.createDirectory(folder.resolve("damaged"));
    write("damaged/a.parquet", FLOATS, List.of(row(0, 1f), row(1, 2f)));
    Path b = write("damaged/b.parquet", FLOATS, List.of(row(0, 1f), row(1, 2f)));
    byte[] whole = Files.readAllBytes(b);
    Files.write(b, Arrays.copyOf(whole, whole.length - 20));
    String ignore = "spark.sql.files.ignoreCorruptFiles";
    spark.conf().set(ignore, "true");
    try {
      assertRefused(set, "can't be read as Parquet: ");
    } finally {
      spark.conf().unset(ignore);
    }
    Path text = Files.writeString(folder.resolve("t.parquet"), "label,features\n1,2\n");
    assertRefused(text, "can't be read as Parquet: ");
  }
}
