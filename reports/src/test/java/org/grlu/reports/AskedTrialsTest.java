package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grlu.reports.SweepDescription.Parameter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a table of trials a report is about: what is asked, and what has a meaning. */
class AskedTrialsTest {
  private static final Parameter K =
      new Parameter("network.k", "network_k", "linear", "[0.1, 0.2]");
  private static final Parameter GATE =
      new Parameter("rule.gate", "rule_gate", "category", "[none, active]");

  @TempDir private Path folder;
  private Trials trials;

  @BeforeEach
  void table() throws IOException {
    trials =
        Trials.in(
            folder,
            List.of(
                Column.optional("network_activation", Column.Type.STRING),
                Column.optional("network_k", Column.Type.DOUBLE),
                Column.optional("rule_name", Column.Type.STRING),
                Column.optional("rule_gate", Column.Type.STRING)));
  }

  private static Map<String, Object> network(String activation, Double k, String rule) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put("network_activation", activation);
    configuration.put("network_k", k);
    configuration.put("rule_name", rule);
    configuration.put("rule_gate", "none");
    return configuration;
  }

  private void planned(String... settings) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (String setting : settings) {
      rows.add(new Object[] {Tables.VERSION, setting});
    }
    trials.folder().table(RunFolder.PLANNED).replace(Tables.planned(), rows);
  }

  private static List<String> ids(SweepReport report) {
    return report.settings().stream().map(SettingResult::id).toList();
  }

  @Test
  void whatTheFileNoLongerAsksForIsLeftOut() throws IOException {
    Map<String, Object> any = network("top-k", 0.1, "grlu");
    for (long seed = 1; seed <= 3; seed++) {
      // the third seed was asked for once, and so was the setting that would win
      trials.add("kept", seed, seed == 3 ? 0.99 : 0.8, any);
      trials.add("gone", seed, 0.95, any);
    }
    SweepReport before = trials.report(Trials.described(K));
    assertThat(ids(before)).containsExactly("gone", "kept");
    assertThat(before.leftOut()).isZero();
    assertThat(before.markdown()).doesNotContain("any more");

    planned("kept", "never-run");
    SweepReport report = trials.report(Trials.described(K));
    assertThat(ids(report)).containsExactly("kept");
    assertThat(report.settings().get(0).accuracy().get("validation_accuracy"))
        .isEqualTo(Sample.ofShares(new double[] {0.8, 0.8}));
    assertThat(report.trials()).hasSize(2);
    assertThat(report.leftOut()).isEqualTo(4);
    assertThat(report.html()).contains("does not ask for 4 trials of the table any more");
    assertThat(report.winner(1).trial()).containsEntry("trial_id", "kept-1");
    assertThat(report.markdown().lines())
        .contains(
            "The sweep's file does not ask for 4 trials of the table any more: left out here.");
  }

  @Test
  void whatHasNoMeaningHasNoValue() throws IOException {
    trials.add("top", 1, 0.9, network("top-k", 0.1, "grlu"));
    // as tables of version 2 have it: some value that was never searched
    trials.add("relu", 1, 0.8, network("relu", 0.5, "grlu"));
    trials.add("null", 1, 0.7, network("relu", null, "grlu"));
    trials.add("backprop", 1, 0.6, network("top-k", 0.2, "backprop"));
    SweepReport report = trials.report(Trials.described(K, GATE));
    assertThat(report.settings().stream().map(s -> list(s.values().values().toArray())))
        .containsExactly(
            list(0.1, "none"), list(null, "none"), list(null, "none"), list(0.2, null));
    RankingText text = new RankingText(report);
    assertThat(report.settings().stream().map(text::setting))
        .containsExactly(
            "network.k 0.1, rule.gate none", "rule.gate none", "rule.gate none", "network.k 0.2");
    assertThat(report.markdown()).contains("| 2 |  |  | none |", "| 4 |  | 0.2 |  |");
    assertThat(shown(report, 1)).isEqualTo(list(null, "none"));
    assertThat(shown(report, 3)).isEqualTo(list(0.2, null));
  }

  /** As a rule that nobody here has heard of has it. */
  @Test
  void whatMeansSomethingIsAsTheDescriptionSays() throws IOException {
    trials.add("own", 1, 0.9, network("top-k", 0.1, "own"));
    trials.add("grlu", 1, 0.8, network("relu", 0.2, "grlu"));
    SweepDescription older = Trials.described(K, GATE);
    Map<String, Map<String, List<Object>>> meanings =
        Map.of("network_k", Map.of("rule_name", List.of("own"), "training_seed", List.of(1, 3)));
    SweepReport report =
        trials.report(
            new SweepDescription(
                older.name(),
                older.search(),
                older.rankBy(),
                older.parameters(),
                older.seeds(),
                older.settingsPlanned(),
                older.trialsPlanned(),
                older.epochs(),
                older.dataset(),
                older.validationExamples(),
                older.command(),
                older.file(),
                meanings));
    assertThat(report.settings().stream().map(s -> list(s.values().values().toArray())))
        .containsExactly(list(0.1, "none"), list(null, "none"));
  }

  /** What the charts know of a setting's parameters. */
  private static Object shown(SweepReport report, int index) throws IOException {
    List<?> settings = (List<?>) new PageData(report).values().get("settings");
    return ((Map<?, ?>) settings.get(index)).get("values");
  }

  private static List<Object> list(Object... values) {
    List<Object> list = new ArrayList<>();
    Collections.addAll(list, values);
    return list;
  }
}
