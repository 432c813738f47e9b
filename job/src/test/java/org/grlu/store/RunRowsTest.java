package org.grlu.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.config.ConfigReader;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.reports.Column;
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
}
