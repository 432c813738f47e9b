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
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.DatasetException;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.SlowSystem;
import org.grlu.network.ModelFile;
import org.grlu.network.Weights;
import org.grlu.training.Evaluation;
import org.grlu.training.Predictor;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.immutable.ArraySeq;

/** Answers as Parquet, to images and to Parquet. */
class PredictionsTest {
  private static final int IMAGES = 700;
  private static final int CLASSES = 10;
  private static final String FAILING = "spark.hadoop.fs." + OnceFailingFileSystem.SCHEME + ".impl";

  private static SparkSession session;
  private static JavaSparkContext spark;
  private static LabelledImages images;
  private static TrialSettings settings;
  private static Weights weights;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    System.setProperty(FAILING, OnceFailingFileSystem.class.getName());
    session =
        SparkSession.builder()
            .appName("answers")
            .config("spark.master", "local[3,2]") // a task that fails is tried once more
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    spark = new JavaSparkContext(session.sparkContext());
    images = TestData.sample().train().slice(0, IMAGES);
    settings = settings(784);
    weights = weights(settings, 784);
  }

  @AfterAll
  static void stop() {
    session.stop();
    System.clearProperty(FAILING);
  }

  private static TrialSettings settings(int inputs) {
    String layers = "network.layers=[%d,24,10]".formatted(inputs);
    return ConfigReader.read(null, List.of("dataset.directory=given", layers)).trial();
  }

  private static Weights weights(TrialSettings settings, int inputs) {
    Weights weights = new Weights(settings.shape());
    weights.set(0, List.of(TestData.normals(1, 24 * inputs), TestData.normals(2, 24)));
    weights.set(1, List.of(TestData.normals(3, 240), TestData.normals(4, CLASSES)));
    return weights;
  }

  private static LabelledImages floats() {
    byte[] labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (byte) images.label(i);
    }
    return LabelledImages.ofFloats(28, 28, 1, Encoder.pixels(images, 0, IMAGES), labels);
  }

  private Predictions open(TrialSettings of, Weights model, Encoder encoder, String out)
      throws IOException {
    byte[] file = ModelFile.write(model, Map.of());
    return new Predictions(spark, of, file, encoder, 0, out, line -> {});
  }

  private String uri(String name) {
    return folder.resolve(name).toUri().toString();
  }

  /** Images in one file of several groups of rows. */
  private void parquet(String name, List<Row> rows) throws IOException {
    StructType schema =
        new StructType()
            .add("label", DataTypes.ByteType)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType));
    session
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .option("parquet.block.size", "65536")
        .parquet(folder.resolve("scratch").toString());
    try (Stream<Path> parts = Files.list(folder.resolve("scratch"))) {
      Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(part, Files.createDirectory(folder.resolve(name)).resolve("a.parquet"));
    }
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      float[] pixels = Encoder.pixels(images, i, 1);
      rows.add(RowFactory.create((byte) images.label(i), ArraySeq.unsafeWrapArray(pixels)));
    }
    return rows;
  }

  private Predictions.Result answer(String data, String out) throws IOException {
    try (Predictions predictions = open(settings, weights, null, out)) {
      return predictions.write("--data " + data, uri(data), "label", "features");
    }
  }

  /** What lies in a folder, by row: class and probabilities are the predictor's. */
  private void assertAnswers(Predictor predictor, LabelledImages of, String name, String file) {
    int[] best = new int[IMAGES];
    float[] probabilities = new float[IMAGES * CLASSES];
    predictor.predict(of, 0, IMAGES, best, probabilities);
    List<Row> rows =
        session.read().parquet(folder.resolve(name).toString()).orderBy("row").collectAsList();
    assertThat(rows).hasSize(IMAGES);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly("file", "row", "label", "class", "probabilities");
    for (int i = 0; i < IMAGES; i++) {
      Row row = rows.get(i);
      assertThat(row.getString(0)).isEqualTo(file);
      assertThat(row.getLong(1)).isEqualTo(i);
      assertThat(((Number) row.get(2)).intValue()).isEqualTo(images.label(i));
      assertThat(row.getInt(3)).isEqualTo(best[i]);
      List<Float> shares = row.getList(4);
      float[] expected = Arrays.copyOfRange(probabilities, i * CLASSES, (i + 1) * CLASSES);
      assertThat(shares).containsExactly(box(expected));
      assertThat(shares.stream().mapToDouble(x -> x).sum()).isBetween(1 - 1e-5, 1 + 1e-5);
    }
  }

  private static Float[] box(float[] values) {
    Float[] out = new Float[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[i];
    }
    return out;
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
  void imagesAreAnsweredAsEvaluationCountsThem() throws IOException {
    Predictions.Result result;
    try (Predictions predictions = open(settings, weights, null, uri("answers"))) {
      result = predictions.write(images, "digits", true);
    }
    int correct = new Evaluation(settings).of(weights, images, IMAGES).correct();
    assertThat(result).isEqualTo(new Predictions.Result(IMAGES, IMAGES, correct));
    assertAnswers(new Predictor(settings, weights), images, "answers", "digits");
    assertThat(left()).containsExactly("answers");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void rowsAreAnsweredAlikeHoweverTheyAreSpreadAndWhateverFails(int partitions) throws IOException {
    parquet("data", rows());
    session.conf().set("spark.sql.files.openCostInBytes", "1");
    session.conf().set("spark.sql.files.minPartitionNum", String.valueOf(partitions));
    OnceFailingFileSystem.FAILED.set(0);
    Predictions.Result result;
    try {
      String out = OnceFailingFileSystem.SCHEME + "://" + folder.resolve("answers");
      result = answer("data", out);
    } finally {
      session.conf().unset("spark.sql.files.openCostInBytes");
      session.conf().unset("spark.sql.files.minPartitionNum");
    }
    assertThat(OnceFailingFileSystem.FAILED.get()).isBetween(partitions, partitions + 1);
    int correct = new Evaluation(settings).of(weights, floats(), IMAGES).correct();
    assertThat(result).isEqualTo(new Predictions.Result(IMAGES, IMAGES, correct));
    assertAnswers(new Predictor(settings, weights), floats(), "answers", "a.parquet");
    assertThat(left()).containsExactly("answers", "data");
  }

  @Test
  void codesAreMadeFirstWhereTheModelReadsThem() throws IOException {
    List<String> sets = List.of("features.kind=random", "features.size=12");
    Encoder encoder =
        SlowSystem.train(
            ConfigReader.open(null, sets).slowSystem().features().orElseThrow(),
            "ab12",
            new SparkParts(spark, "test", images),
            line -> {});
    TrialSettings ofCodes = settings(12);
    Weights model = weights(ofCodes, 12);
    parquet("data", rows());
    try (Predictions predictions = open(ofCodes, model, encoder, uri("answers"))) {
      predictions.write("--data", uri("data"), "label", "features");
    }
    LabelledImages codes = LabelledImages.ofCodes(images, encoder);
    assertAnswers(new Predictor(ofCodes, model), codes, "answers", "a.parquet");
  }

  @Test
  void labelsNeedNotBeThere() throws IOException {
    parquet("data", rows());
    try (Predictions predictions = open(settings, weights, null, uri("answers"))) {
      assertThat(predictions.write("--data", uri("data"), "no such column", "features"))
          .isEqualTo(new Predictions.Result(IMAGES, 0, 0));
    }
    assertThat(session.read().parquet(folder.resolve("answers").toString()).columns())
        .containsExactly("file", "row", "class", "probabilities");
  }

  @Test
  void whatCannotBeAnsweredIsSaidInALineAndLeavesNothing() throws IOException {
    List<Row> rows = new ArrayList<>(rows());
    rows.add(RowFactory.create((byte) 1, ArraySeq.unsafeWrapArray(new float[3])));
    parquet("data", rows);
    assertThatThrownBy(() -> answer("data", uri("answers")))
        .isInstanceOf(DatasetException.class)
        .hasMessage("--data data: row 700 of a.parquet has 3 features; must have 784");

    Files.createDirectory(folder.resolve("damaged"));
    Files.writeString(folder.resolve("damaged/b.parquet"), "no Parquet at all");
    assertThatThrownBy(() -> answer("damaged", uri("answers")))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("--data damaged: can't be answered: ")
        .hasMessageContaining("b.parquet")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(() -> answer("data", uri("damaged")))
        .isInstanceOf(DatasetException.class)
        .hasMessageEndingWith("/damaged/: is there already; answers go to a new folder");
    assertThat(left()).containsExactly("damaged", "data");
  }
}
