package org.grlu.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.datasets.Dataset;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.network.Initial;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.noise.NoiseKind;
import org.grlu.reports.TrialStatus;
import org.grlu.rule.Fold;
import org.grlu.rule.Gate;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Checkpoint;
import org.grlu.training.Cosine;
import org.grlu.training.LocalEngine;
import org.grlu.training.Schedule;
import org.grlu.training.StepEngine;
import org.grlu.training.TrainingOptions;
import org.grlu.training.TrainingSettings;
import org.grlu.training.Trial;
import org.grlu.training.TrialListener;
import org.grlu.training.TrialResult;
import org.grlu.training.TrialSettings;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

/** Features that are floats, in three channels, reach every engine as they are. */
class FeaturesTest {
  private static final int SIDE = 6;

  /** Normal numbers, a class for each of four directions. */
  private static LabelledImages features(int count) {
    int each = SIDE * SIDE * 3;
    float[] features = TestData.normals(5, count * each);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 4);
      for (int k = i % 4; k < each; k += 4) {
        features[i * each + k] += 1;
      }
    }
    return LabelledImages.ofFloats(SIDE, SIDE, 3, features, labels);
  }

  private static final Dataset DATA =
      new Dataset("f", features(48), features(0), features(20), 4, "ab".repeat(32));

  private static final TrialListener SILENT =
      new TrialListener() {
        @Override
        public void progress(int epoch, double share, double meanReward, double rate) {}

        @Override
        public void epoch(Checkpoint checkpoint) {}
      };

  private static TrialSettings settings(Skip skip, int shift) {
    TrainingOptions options = new TrainingOptions(0, Initial.DATA_PAIRS, 1, 0, 0.1, shift);
    TrainingSettings training =
        new TrainingSettings(
            2, 16, new Cosine(0.02, 0), new Cosine(0.1, 0.05), Schedule.PER_STEP, 7, options);
    return new TrialSettings(
        TestData.relu(skip, 108, 12, 4),
        PixelScale.MNIST,
        TestData.grlu(4, NoiseKind.GAUSSIAN, Gate.ACTIVE),
        training);
  }

  private static String digest(TrialSettings settings, StepEngine engine) {
    var result =
        new Trial(settings, DATA, engine, SILENT).run(Checkpoint.initial(settings, DATA.train()));
    assertThat(result.status()).isEqualTo(TrialStatus.DONE);
    return result.weights().sha256();
  }

  @Test
  void allEnginesTrainOnThemAlike() {
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    try (JavaSparkContext spark =
        new JavaSparkContext(conf.setAppName("features").set("spark.master", "local[2]"))) {
      for (TrialSettings settings : List.of(settings(Skip.NONE, 1), settings(Skip.DENSE, 0))) {
        String expected = digest(settings, new LocalEngine(settings, DATA.train(), new Arena()));
        byte[] from = Checkpoint.initial(settings, DATA.train()).toFile();
        assertThat(TaskEngine.run(spark, "test", settings, DATA, from, m -> {}).weightsSha256())
            .isEqualTo(expected);
        for (int shards : new int[] {1, 3}) {
          try (SteppedEngine engine =
              new SteppedEngine(
                  spark, "f", settings, new Arena(), DATA.train(), shards, Fold.AUTO, line -> {})) {
            assertThat(digest(settings, engine)).isEqualTo(expected);
          }
        }
      }
    }
  }

  /** With what they keep, which is larger than the weights and scores in place of them. */
  @Test
  void readoutsLearnInATaskAsInThisThread() {
    SparkConf conf = ProgressPlugin.configure(new SparkConf());
    try (JavaSparkContext spark =
        new JavaSparkContext(conf.setAppName("readouts").set("spark.master", "local[2]"))) {
      for (String rule : List.of("lda", "grlu-rls", "prototypes")) {
        TrialSettings settings = readout(rule);
        TrialResult expected =
            new Trial(settings, DATA, new LocalEngine(settings, DATA.train(), new Arena()), SILENT)
                .run(Checkpoint.initial(settings, DATA.train()));
        byte[] from = Checkpoint.initial(settings, DATA.train()).toFile();
        TrialOutcome found = TaskEngine.run(spark, rule, settings, DATA, from, m -> {});
        assertThat(found.weightsSha256()).isEqualTo(expected.weights().sha256());
        assertThat(found.epochs().get(0).testAccuracy())
            .isEqualTo(expected.epochs().get(0).testAccuracy())
            .isGreaterThan(0.4);
      }
    }
  }

  private static TrialSettings readout(String rule) {
    List<String> sets =
        List.of(
            "network { layers = [108, 4], initial = zero, input-norm = none }",
            "training.epochs = 1",
            "rule { prototypes = 3, lambda = 100 }",
            "dataset.directory = f",
            "rule.name = " + rule);
    return ConfigReader.read(null, sets).trial();
  }

  @Test
  void theyAreSent() {
    SparkConf conf = new SparkConf();
    for (SerializerInstance serializer :
        List.of(new JavaSerializer(conf).newInstance(), new KryoSerializer(conf).newInstance())) {
      Dataset back =
          serializer
              .<SharedDataset>deserialize(
                  serializer.serialize(
                      new SharedDataset(DATA), ClassTag$.MODULE$.apply(SharedDataset.class)),
                  ClassTag$.MODULE$.apply(SharedDataset.class))
              .dataset();
      assertThat(back.train().features()).isEqualTo(DATA.train().features());
      assertThat(back.train().channels()).isEqualTo(3);
      assertThat(back.test().label(3)).isEqualTo(3);
    }
  }
}
