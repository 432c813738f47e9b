package org.grlu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.features.Encoder;
import org.grlu.features.Parts;
import org.grlu.features.SlowSystem;
import org.grlu.math.Arena;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Fold;
import org.grlu.spark.ProgressPlugin;
import org.grlu.spark.SteppedEngine;
import org.grlu.spark.TaskEngine;
import org.grlu.store.RunException;
import org.grlu.training.Checkpoint;
import org.grlu.training.LocalEngine;
import org.grlu.training.StepEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow system, its codes, and a fast one, by every way there is from the first to the last. */
class FeatureChainTest {
  private static final Dataset DATA = TestData.sample().cut(120, 60);
  private static final String ID = TestData.sample().sha256();
  private static JavaSparkContext spark;

  private static final TrialListener SILENT =
      new TrialListener() {
        @Override
        public void progress(int epoch, double share, double meanReward, double rate) {}

        @Override
        public void epoch(Checkpoint checkpoint) {}
      };

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    spark = new JavaSparkContext(conf.setAppName("chain").set("spark.master", "local[2]"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private Settings settings(String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "dataset.name=mnist-sample",
                "dataset.train-examples=120",
                "dataset.validation-examples=60",
                "features { kind = hebbian-patches, filters = 6, grid = 2, whiten = pca, components = 8 }",
                "network { layers = [8, 10], initial = zero }",
                "rule { name = grlu, perturbations = 4 }",
                "training { epochs = 2, batch-size = 8 }",
                "report.directory=" + folder));
    sets.addAll(List.of(more));
    return ConfigReader.read(null, sets);
  }

  private static Encoder encoder(Settings settings, List<String> said) throws IOException {
    return Features.ofOwnImages().encoder(settings, DATA, spark, "test", said::add);
  }

  private static TrialResult run(TrialSettings trial, Dataset codes, StepEngine engine) {
    TrialResult result =
        new Trial(trial, codes, engine, SILENT).run(Checkpoint.initial(trial, codes.train()));
    assertThat(result.status()).isEqualTo(TrialStatus.DONE);
    return result;
  }

  @Test
  void everyEngineLearnsTheSameFromCodesAndSoDoesARunThatIsTakenUp() throws IOException {
    Settings settings = settings();
    Dataset codes = DATA.encoded(encoder(settings, new ArrayList<>()));
    TrialSettings trial = settings.trial();
    LocalEngine local = new LocalEngine(trial, codes.train(), new Arena());
    String expected = run(trial, codes, local).weights().sha256();
    byte[] from = Checkpoint.initial(trial, codes.train()).toFile();
    assertThat(TaskEngine.run(spark, "chain", trial, codes, from, m -> {}).weightsSha256())
        .isEqualTo(expected);
    for (int shards : new int[] {1, 2, 7}) {
      try (SteppedEngine engine =
          new SteppedEngine(
              spark, "s", trial, new Arena(), codes.train(), shards, Fold.AUTO, line -> {})) {
        assertThat(run(trial, codes, engine).weights().sha256()).isEqualTo(expected);
      }
    }
    Trial first =
        new Trial(trial, codes, new LocalEngine(trial, codes.train(), new Arena()), SILENT);
    byte[] half = first.run(Checkpoint.initial(trial, codes.train()), 1).reached().toFile();
    assertThat(TaskEngine.run(spark, "chain", trial, codes, half, m -> {}).weightsSha256())
        .isEqualTo(expected);
  }

  @Test
  void aClusterTrainsTheSystemThatOneThreadDoes() throws IOException {
    Settings settings = settings();
    Encoder onSpark = encoder(settings, new ArrayList<>());
    LabelledImages images = DATA.train().unlabelled();
    Parts inThisThread =
        new Parts() {
          @Override
          public LabelledImages images() {
            return images;
          }

          @Override
          public List<double[]> map(int parts, Part part) {
            return IntStream.range(0, parts).mapToObj(i -> part.of(images, i)).toList();
          }
        };
    Encoder alone =
        SlowSystem.train(settings.features().orElseThrow(), onSpark.id(), inThisThread, line -> {});
    assertThat(onSpark.toFile()).isEqualTo(alone.toFile());
  }

  @Test
  void whatIsKnownIsTakenFromTheStoreAndWhatIsSharedIsTrainedOnce() throws IOException {
    List<String> first = new ArrayList<>();
    Encoder trained = encoder(settings(), first);
    // what competes for patches, and its whitening, are two systems
    assertThat(first).anyMatch(line -> line.contains("compete"));
    List<String> second = new ArrayList<>();
    assertThat(encoder(settings(), second).toFile()).isEqualTo(trained.toFile());
    assertThat(second).isEmpty();
    encoder(settings("features.components=4", "network.layers=[4, 10]"), second);
    assertThat(second)
        .isNotEmpty()
        .noneMatch(line -> line.contains("compete"))
        .anyMatch(line -> line.contains("mnist-sample: training images, the first 120"));
  }

  @Test
  void aDamagedSystemIsRefused() throws IOException {
    Settings settings = settings();
    encoder(settings, new ArrayList<>());
    String id = settings.featuresIdentity(ID).id();
    Path file = folder.resolve("features").resolve(id).resolve(Features.FILE);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> encoder(settings, new ArrayList<>()))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void codesOfOneImageAreThoseOfAll() throws IOException {
    Encoder encoder = encoder(settings(), new ArrayList<>());
    LabelledImages codes = LabelledImages.ofCodes(DATA.train(), encoder);
    float[] all = codes.features();
    float[] one = new float[8];
    for (int i : new int[] {0, 31, 32, 119}) {
      codes.encode(i, one);
      assertThat(one).isEqualTo(Arrays.copyOfRange(all, i * 8, i * 8 + 8));
    }
    float[] slice = codes.slice(30, 40).features();
    assertThat(slice).isEqualTo(Arrays.copyOfRange(all, 30 * 8, 40 * 8));
  }
}
