package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.reports.Column;
import org.grlu.reports.Tables;
import org.grlu.training.EpochMetrics;
import org.grlu.training.ExampleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRowsTest {
  /**
   * A key without a meaning has no value in a row, and what is made of the row is the same trial.
   */
  @ParameterizedTest
  @CsvSource({
    "relu, grlu, network.k",
    "top-k, backprop, rule.gate",
    "top-k, backprop, rule.perturbations",
    "relu, backprop, training.noise-scale.max"
  })
  void whatHasNoMeaningIsNull(String activation, String rule, String unused) {
    Settings settings =
        ConfigReader.read(
            null,
            List.of(
                "network.activation=" + activation,
                "network.k=0.25",
                "rule.name=" + rule,
                "rule.gate=active",
                "rule.perturbations=3",
                "training.noise-scale.max=0.3",
                "training.epochs=4"));
    Map<String, Object> row = RunRows.configuration(settings);
    assertThat(row).containsEntry(unused, null).containsEntry("training.epochs", 4L);
    assertThat(row.keySet()).containsExactlyElementsOf(settings.values().keySet());
    assertThat(RunRows.columns(settings)).noneMatch(Column::required);

    Map<String, Object> columns = new HashMap<>();
    row.forEach((path, value) -> columns.put(RowSettings.column(path), value));
    RowSettings read = new RowSettings(columns);
    List<String> lines = read.changed();
    assertThat(lines).contains("training.epochs = 4").noneMatch(line -> line.startsWith(unused));
    String data = TestData.sample().sha256();
    assertThat(ConfigReader.read(null, lines).identity(data)).isEqualTo(settings.identity(data));
  }

  /**
   * As version 0.1 wrote them, and what came after: name and type, with ? where a row may lack it.
   */
  private static final String EPOCHS =
      "schema_version INT, trial_id STRING, epoch INT, learning_rate DOUBLE, noise_scale DOUBLE,"
          + " mean_reward DOUBLE, train_accuracy DOUBLE?, validation_accuracy DOUBLE?,"
          + " test_accuracy DOUBLE?, hidden_sparsity DOUBLES, examples LONG, forward_passes LONG,"
          + " cpu_seconds DOUBLE, wall_seconds DOUBLE, step_millis DOUBLE?,"
          + " broadcast_millis DOUBLE?, schedule_millis DOUBLE?, compute_millis DOUBLE?,"
          + " fold_millis DOUBLE?, bytes_per_step DOUBLE?, alignment_example DOUBLES?,"
          + " alignment_mean DOUBLES?, signal_to_noise DOUBLES?, update_ratio DOUBLES?, conflict_ratio DOUBLES?,"
          + " expected_signal_to_noise DOUBLES?,"
          + " dead_units DOUBLES?, diagnostics_cpu_seconds DOUBLE?, average_accuracy DOUBLE?,"
          + " backward_transfer DOUBLE?, forgetting DOUBLE?, learning_accuracy DOUBLE?, context_accuracy DOUBLE?, prequential_accuracy DOUBLE?,"
          + " task_accuracy DOUBLES?, task_validation_accuracy DOUBLES?,"
          + " largest_class_cosine DOUBLE?, validation_average_accuracy DOUBLE?,"
          + " validation_backward_transfer DOUBLE?, validation_forgetting DOUBLE?,"
          + " validation_learning_accuracy DOUBLE?";

  private static final String TRIALS =
      "schema_version INT, trial_id STRING, status STRING, failure STRING?, dataset_sha256 STRING,"
          + " epochs_done INT, train_accuracy DOUBLE?, validation_accuracy DOUBLE?,"
          + " test_accuracy DOUBLE?, weights_sha256 STRING?, forward_passes LONG,"
          + " cpu_seconds DOUBLE, wall_seconds DOUBLE, step_millis DOUBLE?,"
          + " broadcast_millis DOUBLE?, schedule_millis DOUBLE?, compute_millis DOUBLE?,"
          + " fold_millis DOUBLE?, bytes_per_step DOUBLE?, started_at TIMESTAMP,"
          + " finished_at TIMESTAMP, code_version STRING, java_version STRING,"
          + " spark_version STRING, kernels STRING, host STRING, sweep STRING?,"
          + " setting_id STRING?, rung INT?, rule_version INT?, features_id STRING?,"
          + " features_seen STRING?, average_accuracy DOUBLE?, backward_transfer DOUBLE?,"
          + " forgetting DOUBLE?, learning_accuracy DOUBLE?, context_accuracy DOUBLE?, prequential_accuracy DOUBLE?,"
          + " largest_class_cosine DOUBLE?, validation_average_accuracy DOUBLE?,"
          + " validation_backward_transfer DOUBLE?, validation_forgetting DOUBLE?,"
          + " validation_learning_accuracy DOUBLE?";

  @Test
  void theTablesKeepTheirColumns() {
    Settings settings = ConfigReader.read(null, List.of());
    assertThat(words(RunRows.epochSchema().columns())).isEqualTo(EPOCHS);
    List<Column> trials = new ArrayList<>(RunRows.trialSchema(settings).columns());
    List<Column> configuration = RunRows.columns(settings);
    assertThat(trials.subList(4, 4 + configuration.size())).isEqualTo(configuration);
    trials.subList(4, 4 + configuration.size()).clear();
    assertThat(words(trials)).isEqualTo(TRIALS);
    // what reports rely on is among them, in the same order
    assertThat(words(Tables.epochs().columns())).isEqualTo(EPOCHS);
  }

  @Test
  void tasksHaveARowForEachThatIsOverAndEachOfAll() {
    ExampleStream stream = new ExampleStream(ExampleStream.Kind.CLASS_INCREMENTAL, 3, 2, 0, 0);
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= 5; epoch++) {
      Map<String, List<Double>> numbers =
          new HashMap<>(EpochMetrics.of(TestData.epochEnd(epoch, 1)).numbers());
      numbers.put("task_accuracy", List.of(0.1 * epoch, 0.2, 0.3));
      numbers.put("task_validation_accuracy", List.of(0.5, Double.NaN, 0.25));
      epochs.add(new EpochMetrics(numbers));
    }
    Map<String, List<Object[]>> rows = RunRows.beside("t", stream, epochs);
    assertThat(rows).containsOnlyKeys("epochs", "tasks");
    assertThat(rows.get("epochs")).hasSize(5);
    assertThat(rows.get("tasks").stream().map(row -> Arrays.asList(row).subList(1, 6)))
        .containsExactly(
            Arrays.asList("t", 1, 1, 0.2, 0.5),
            Arrays.asList("t", 1, 2, 0.2, null),
            Arrays.asList("t", 1, 3, 0.3, 0.25),
            Arrays.asList("t", 2, 1, 0.4, 0.5),
            Arrays.asList("t", 2, 2, 0.2, null),
            Arrays.asList("t", 2, 3, 0.3, 0.25));
    // where a sweep goes on from epoch 2
    assertThat(RunRows.beside("t", stream, epochs.subList(2, 5)).get("tasks").get(0))
        .startsWith(Tables.VERSION, "t", 2, 1);
    assertThat(RunRows.beside("t", ExampleStream.IID, epochs)).containsOnlyKeys("epochs");
  }

  private static String words(List<Column> columns) {
    return columns.stream()
        .map(each -> each.name() + " " + each.type() + (each.required() ? "" : "?"))
        .collect(Collectors.joining(", "));
  }
}
