package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.grlu.network.Initial;
import org.grlu.network.ModelFile;
import org.grlu.network.ModelFileException;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.network.State;
import org.grlu.network.Weights;
import org.grlu.rule.Backprop;
import org.grlu.rule.StepSettings;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 6, 5, 4, 3);

  /** What is in the file {@code checkpoint-without-version.npz}. */
  private static Checkpoint known() {
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int e = 1; e <= 2; e++) {
      epochs.add(
          EpochMetrics.of(
              new EpochEnd(
                  e,
                  new StepSettings(0, 0.1 / e, 0.2 / e),
                  -1.5 / e,
                  share(50 + e),
                  e == 1 ? share(0, 0) : share(25),
                  share(50 + 2 * e),
                  share(1, 100, 0.3 / e, 0.4 / e),
                  1000L * e,
                  1L << 40,
                  1.5 * e,
                  2.5 * e,
                  e == 1 ? StepTimes.NONE : new StepTimes(9, 1, 2, 3, 4, 839857),
                  Diagnosis.none(3),
                  Map.of(),
                  Weights.initial(SHAPE, 1),
                  TestData.sample(),
                  Retention.NONE,
                  Retention.NONE,
                  Double.NaN,
                  Double.NaN)));
    }
    return new Checkpoint(Weights.initial(SHAPE, 1), epochs);
  }

  private static Evaluation.Result share(int percent) {
    return share(percent, 100);
  }

  private static Evaluation.Result share(int correct, int images, Double... silent) {
    return new Evaluation.Result(images, correct, List.of(silent), List.of());
  }

  private static void assertKnown(byte[] file, String weights) {
    Checkpoint read = Checkpoint.fromFile(file, SHAPE, State.NONE);
    assertThat(read.epochs()).isEqualTo(known().epochs());
    assertThat(read.weights().sha256()).isEqualTo(weights);
  }

  private static byte[] file(String version, List<String> names, int columns) {
    double[][] table = {new double[columns]};
    return ModelFile.write(
        Weights.initial(SHAPE, 1),
        Map.of("epochs", table),
        Map.of("checkpoint_version", List.of(version), "epochs_columns", names));
  }

  @Test
  void aCheckpointComesBack() {
    assertKnown(known().toFile(), known().weights().sha256());
    assertThat(known().toFile()).isEqualTo(known().toFile());
    Checkpoint initial = new Checkpoint(Weights.initial(SHAPE, 1), List.of());
    assertThat(Checkpoint.fromFile(initial.toFile(), SHAPE, State.NONE).epochs()).isEmpty();
  }

  @Test
  void aCheckpointSaysItsVersionAndTheNamesOfItsMetrics() {
    ModelFile file = ModelFile.read(known().toFile());
    assertThat(file.words("checkpoint_version")).containsExactly("2");
    assertThat(file.words("epochs_columns"))
        .startsWith("epoch", "learning_rate")
        .containsSubsequence(
            "bytes_per_step", "diagnostics_cpu_seconds", "hidden_sparsity_1", "hidden_sparsity_2")
        .endsWith("expected_signal_to_noise_3", "dead_units_1", "dead_units_2");
  }

  /** Made by the code before there were versions, which drew other weights. */
  @Test
  void aCheckpointWithoutAVersionIsReadByPosition() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("checkpoint-without-version.npz")) {
      String weights = "1e38eb86b2bde9379d565a571bbd24d0af12e16a5b3c00ebf8e2812f11b0fbc7";
      assertKnown(in.readAllBytes(), weights);
    }
  }

  @Test
  void metricsAreReadByName() {
    List<String> names = new ArrayList<>(EpochMetrics.names(EpochMetric.all(), 2, 0));
    names.add(0, "a_metric_of_tomorrow");
    double[] row = new double[names.size()];
    row[names.indexOf("examples")] = 60_000;
    row[names.indexOf("hidden_sparsity_2")] = 0.5;
    byte[] file =
        ModelFile.write(
            Weights.initial(SHAPE, 1),
            Map.of("epochs", new double[][] {row}),
            Map.of("checkpoint_version", List.of("2"), "epochs_columns", names));
    EpochMetrics metrics = Checkpoint.fromFile(file, SHAPE, State.NONE).last();
    assertThat(metrics.examples()).isEqualTo(60_000);
    assertThat(metrics.hiddenSparsity()).containsExactly(0.0, 0.5);
  }

  @Test
  void aCheckpointOfBeforeDiagnosticsIsRead() {
    List<String> names = new ArrayList<>(EpochMetrics.names(EpochMetric.all(), 2, 0));
    names.removeIf(
        name ->
            name.matches(
                "alignment.*|signal.*|update.*|conflict.*|expected.*|dead.*|diagnostics.*"
                    + "|average_accuracy|backward.*|forgetting|learning_accuracy|context.*|prequential.*"
                    + "|largest_class_cosine|validation_(average|backward|forgetting|learning).*"));
    assertThat(names).hasSize(19);
    EpochMetrics read = Checkpoint.fromFile(file("2", names, 19), SHAPE, State.NONE).last();
    assertThat(read.numbers().get("alignment_mean")).hasSize(3).containsOnly(Double.NaN);
    assertThat(EpochMetric.all())
        .filteredOn(metric -> metric.name().equals("alignment_mean"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.cell(read)).isNull());
  }

  @Test
  void prioritiesAreInTheFileAndAreNeededWhereTheOrderIsByThem() {
    Floats priorities = Floats.over(new float[] {1f, 0.05f, 0.3f});
    Checkpoint known = new Checkpoint(known().weights(), known().epochs(), priorities);
    Checkpoint read = Checkpoint.fromFile(known.toFile(), SHAPE, State.NONE);
    assertThat(read.priorities().toArray()).containsExactly(priorities.toArray());
    assertThat(read.epochs()).isEqualTo(known().epochs());
    Cosine some = new Cosine(0.1, 0);
    TrainingOptions options = new TrainingOptions(0, Initial.HE, 1, 0.05, 0, 0);
    TrialSettings settings =
        new TrialSettings(
            SHAPE,
            PixelScale.MNIST,
            new Backprop(),
            new TrainingSettings(3, 1, some, some, Schedule.PER_EPOCH, 1, options));
    assertThat(Checkpoint.fromFile(known.toFile(), settings).priorities().length()).isEqualTo(3);
    assertThatThrownBy(() -> Checkpoint.fromFile(known().toFile(), settings))
        .isInstanceOf(ModelFileException.class)
        .hasMessage(
            "array checkpoint_priorities: missing, must be there with training.order = prioritised");
    priorities.set(1, 0f);
    assertRefused(
        known.toFile(), "array checkpoint_priorities: 0.0, must be above 0 and at most 1");
  }

  @Test
  void whatIsNotKnownIsRefusedWithWhatIsAllowed() {
    List<String> names = EpochMetrics.names(EpochMetric.all(), 2, 0);
    int all = names.size();
    List<String> fewer = names.subList(1, names.size());
    assertRefused(
        file("3", names, all),
        "checkpoint of version 3: must be 2, or one of before there were versions");
    assertRefused(file("2", fewer, all - 1), "lack [epoch]");
    assertRefused(
        file("2", names, all - 1), "array epochs: %d columns, must be %d".formatted(all - 1, all));
    byte[] positions =
        ModelFile.write(Weights.initial(SHAPE, 1), Map.of("epochs", new double[1][20]));
    assertRefused(positions, "array epochs: 20 columns, must be 19");
    assertRefused(
        ModelFile.write(Weights.initial(SHAPE, 1), Map.of()),
        "not a checkpoint: array epochs is missing");
  }

  private static void assertRefused(byte[] file, String said) {
    assertThatThrownBy(() -> Checkpoint.fromFile(file, SHAPE, State.NONE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }
}
