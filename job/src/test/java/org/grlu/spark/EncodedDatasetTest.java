package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.FolderOptions;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.SlowSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.immutable.ArraySeq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Codes as Parquet, of images and of Parquet. */
class EncodedDatasetTest {
  private static final int IMAGES = 700;

  private static SparkSession session;
  private static JavaSparkContext spark;
  private static LabelledImages images;
  private static Encoder encoder;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    session =
        SparkSession.builder()
            .appName("codes")
            .config("spark.master", "local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.files.maxPartitionBytes", "50000") // so that a file is split
            .getOrCreate();
    spark = new JavaSparkContext(session.sparkContext());
    images = Datasets.sample().train().slice(0, IMAGES);
    List<String> sets = List.of("features.kind=random", "features.size=12");
    encoder =
        SlowSystem.train(
            ConfigReader.open(null, sets).slowSystem().features().orElseThrow(),
            "ab12",
            new SparkParts(spark, "test", images),
            line -> {});
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private EncodedDataset open(String name) throws IOException {
    return new EncodedDataset(
        spark, encoder, folder.resolve(name).toUri().toString(), "label", "features", line -> {});
  }

  private static List<Row> rows(int from, int to) {
    List<Row> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      float[] pixels = Encoder.pixels(images, i, 1);
      rows.add(RowFactory.create(images.label(i), ArraySeq.unsafeWrapArray(pixels)));
    }
    return rows;
  }

  /** Examples as so many files, of several groups of rows each. */
  private void parquet(String name, List<Row> rows, int files) throws IOException {
    StructType schema =
        new StructType()
            .add("label", DataTypes.IntegerType)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType));
    Path target = Files.createDirectories(folder.resolve(name));
    for (int f = 0; f < files; f++) {
      int from = rows.size() * f / files;
      Path scratch = folder.resolve("scratch");
      session
          .createDataFrame(rows.subList(from, rows.size() * (f + 1) / files), schema)
          .coalesce(1)
          .write()
          .mode("overwrite")
          .option("parquet.block.size", "65536")
          .parquet(scratch.toString());
      try (Stream<Path> parts = Files.list(scratch)) {
        Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
        Files.move(part, target.resolve("file-%d.parquet".formatted(f)));
      }
    }
  }

  private Dataset read(String name) {
    String set = folder.resolve(name).toUri().toString();
    ParquetExamples read = ParquetExamples.read("dataset.train", set, "label", "features");
    FolderOptions options = new FolderOptions("", false, 0);
    return Datasets.of(
        "codes", read.values(), read.labels(), read.values(), read.labels(), options);
  }

  private void assertCodes(String name) {
    float[] expected = new float[IMAGES * encoder.size()];
    encoder.encode(images, 0, IMAGES, expected, 0);
    LabelledImages codes = read(name).train();
    assertThat(codes.features()).isEqualTo(expected);
    for (int i = 0; i < IMAGES; i++) {
      assertThat(codes.label(i)).isEqualTo(images.label(i));
    }
  }

  private List<String> left() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString())
          .filter(n -> !n.equals("scratch"))
          .sorted()
          .toList();
    }
  }

  @Test
  void imagesBecomeTheirCodesInOrder() throws IOException {
    try (EncodedDataset codes = open("codes")) {
      assertThat(codes.write("train", images)).isEqualTo(IMAGES);
      codes.commit();
    }
    assertCodes("codes/train");
    assertThat(left()).containsExactly("codes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void examplesInParquetBecomeTheSameCodesHoweverTheyLie(int files) throws IOException {
    parquet("images", rows(0, IMAGES), files);
    String uri = folder.resolve("images").toUri().toString();
    try (EncodedDataset codes = open("codes")) {
      assertThat(codes.write("train", "dataset.train", uri, "label", "features")).isEqualTo(IMAGES);
      codes.commit();
    }
    assertCodes("codes/train");
    try (Stream<Path> parts = Files.list(folder.resolve("codes/train"))) {
      assertThat(parts).as("one file is split too").hasSizeGreaterThan(2);
    }
  }

  @Test
  void anEncoderIsSentByAnySerializer() {
    List<String> sets =
        List.of(
            "features.kind=autoencoder",
            "features.epochs=1",
            "features.perturbations=1",
            "features.size=12",
            "features.expand=40");
    Encoder sparse =
        SlowSystem.train(
            ConfigReader.open(null, sets).slowSystem().features().orElseThrow(),
            "cd34",
            new SparkParts(spark, "test", images),
            line -> {});
    float[] expected = new float[10 * sparse.size()];
    sparse.encode(images, 0, 10, expected, 0);
    SparkConf conf = new SparkConf();
    for (SerializerInstance serializer :
        List.of(new JavaSerializer(conf).newInstance(), new KryoSerializer(conf).newInstance())) {
      ClassTag<Encoder> type = ClassTag$.MODULE$.apply(Encoder.class);
      Encoder back = serializer.deserialize(serializer.serialize(sparse, type), type);
      float[] codes = new float[expected.length];
      back.encode(images, 0, 10, codes, 0);
      assertThat(codes).isEqualTo(expected);
    }
  }

  @Test
  void whatCannotBeEncodedLeavesNothing() throws IOException {
    List<Row> rows = new ArrayList<>(rows(0, 300));
    rows.add(RowFactory.create(1, ArraySeq.unsafeWrapArray(new float[3])));
    parquet("images", rows, 1);
    String uri = folder.resolve("images").toUri().toString();
    assertThatThrownBy(
            () -> {
              try (EncodedDataset codes = open("codes")) {
                codes.write("test", images.slice(0, 10));
                codes.write("train", "dataset.train", uri, "label", "features");
                codes.commit();
              }
            })
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "dataset.train "
                + uri
                + ": row 300 of file-0.parquet has 3 features; must have 784, as the slow system"
                + " reads");
    assertThat(left()).containsExactly("images");
  }

  @Test
  void aFolderThatIsThereStaysAsItIs() throws IOException {
    Files.createDirectory(folder.resolve("codes"));
    assertThatThrownBy(() -> open("codes"))
        .isInstanceOf(DatasetException.class)
        .hasMessageEndingWith("/codes/: is there already; codes are written to a new folder");
    assertThat(left()).containsExactly("codes");
  }
}
