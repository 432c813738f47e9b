package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.Datasets;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.rule.Fold;
import org.grlu.training.Checkpoint;
import org.grlu.training.EpochMetrics;
import org.grlu.training.LocalEngine;
import org.grlu.training.StepEngine;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training over partitions of the images: the bits and tables of one thread that has them all. */
class PartitionedDatasetTest {
  /** Of some 12 images of digits: several partitions, and several chunks an epoch. */
  private static final long BYTES = 10_000;

  /** What differs from run to run, or is of the stepped engine alone. */
  private static final String MEASURED = ".*_seconds|.*_millis|bytes_per_step";

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = spark("local[2]", "JavaSerializer");
  }

  private static JavaSparkContext spark(String master, String serializer) {
    return new JavaSparkContext(
        new SparkConf()
            .setAppName("partitioned")
            .set("spark.master", master)
            .set("spark.serializer", "org.apache.spark.serializer." + serializer));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static TrialSettings settings(String some) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "network.layers=[784,20,10]",
                "training { epochs = 3, batch-size = 20, learning-rate.max = 0.02 }"));
    sets.addAll(List.of(some.split(" ", -1)));
    return ConfigReader.read(null, sets).trial();
  }

  /** What is to be the same, of a trial from its start, or from what it was after an epoch. */
  private static List<Object> outcome(
      TrialSettings settings, Dataset data, StepEngine engine, int from) {
    TrialListener silent =
        new TrialListener() {
          @Override
          public void progress(int epoch, double share, double meanReward, double rate) {}

          @Override
          public void epoch(Checkpoint checkpoint) {}
        };
    Checkpoint initial = Checkpoint.initial(settings, data.train());
    Trial trial = new Trial(settings, data, engine, silent);
    if (from > 0) {
      initial = Checkpoint.fromFile(trial.run(initial, from).reached().toFile(), settings);
    }
    TrialResult result = trial.run(initial);
    List<Object> all = new ArrayList<>();
    all.add(result.status());
    all.add(result.failure());
    all.add(result.weights().sha256() + " " + result.weights().state().sha256());
    for (EpochMetrics epoch : result.epochs()) {
      Map<String, Object> numbers = new HashMap<>(epoch.numbers());
      numbers.keySet().removeIf(name -> name.matches(MEASURED));
      all.add(numbers);
    }
    return all;
  }

  private static Dataset images(boolean floats) {
    Dataset digits = Datasets.sample();
    return new Dataset(
        "digits",
        some(digits.train(), 131, floats),
        digits.train().slice(0, 0),
        some(digits.test(), 77, floats),
        10,
        digits.sha256());
  }

  private static LabelledImages some(LabelledImages of, int count, boolean floats) {
    LabelledImages images = of.slice(0, count);
    if (!floats) {
      return images;
    }
    float[] values = new float[count * images.pixelsPerImage()];
    byte[] labels = new byte[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (images.pixels()[i] & 0xff) / 255f;
    }
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) images.label(i);
    }
    return LabelledImages.ofFloats(1, images.pixelsPerImage(), 1, values, labels);
  }

  private static void assertSame(
      JavaSparkContext on, TrialSettings settings, boolean floats, int from, int... shards) {
    Dataset here = images(floats);
    Dataset cut = here.cut(93, 31);
    List<Object> expected =
        outcome(settings, cut, new LocalEngine(settings, cut.train(), new Arena()), 0);
    try (PartitionedDataset data = PartitionedDataset.of(on, here, BYTES)) {
      Dataset elsewhere = data.dataset().cut(93, 31);
      for (int s : shards) {
        try (SteppedEngine engine =
            new SteppedEngine(
                on, "p", settings, new Arena(), data, elsewhere, s, Fold.AUTO, line -> {})) {
          assertThat(outcome(settings, elsewhere, engine, from))
              .as(s + " shards")
              .isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rule.perturbations=80 network.skip=dense training.batch-size=31",
        "rule.perturbations=1 training.shift=2 training.input-dropout=0.2",
        "rule.name=backprop network.input-norm=none",
        "rule.name=learned-feedback network.layers=[784,20,20,10] training.noise-scale.min=0.05",
        "rule.name=evolution rule.perturbations=12"
      })
  void anyNumberOfPartitionsGivesTheSameWeightsAndTables(String some) {
    assertSame(spark, settings(some), false, 0, 1, 2, 3, 7);
  }

  @Test
  void soDoFloatsAndATrialThatGoesOnFromACheckpoint() {
    assertSame(spark, settings("rule.perturbations=5"), true, 1, 2, 3);
  }

  @Test
  void aTrialThatDivergesSaysTheSame() {
    assertSame(
        spark,
        settings("rule.name=backprop training.learning-rate.max=1e30 training.epochs=1"),
        false,
        0,
        2);
  }

  @Test
  void kryoGivesTheSame() {
    spark.close();
    try {
      spark = spark("local[2]", "KryoSerializer");
      assertSame(spark, settings("rule.perturbations=5"), false, 0, 1, 3);
      assertSame(spark, settings("rule.perturbations=5"), true, 0, 2);
    } finally {
      spark.close();
      start();
    }
  }
}
