package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static RunReport run(String name, double test, String... changed) {
    Map<String, Object> row = new HashMap<>();
    row.put("trial_id", name);
    row.put("status", "done");
    row.put("epochs_done", 2);
    row.put("test_accuracy", test);
    row.put("cpu_seconds", 10 * test);
    List<Map<String, Object>> epochs =
        List.of(
            Map.of("epoch", 1, "test_accuracy", 0.25), Map.of("epoch", 2, "test_accuracy", test));
    RunReport.Told told = new RunReport.Told("2-2", "t", null, List.of(changed), null, null);
    return new RunReport(name, row, epochs, told);
  }

  @Test
  void twoRunsHaveTheirFiguresCurvesAndWhatDiffersInTheirConfigurations() throws IOException {
    Comparison both =
        RunComparison.of(
            run("<one>", 0.5, "rule.gate = \"active\"", "training.epochs = 2"),
            run("two", 0.75, "rule.gate = \"none\"", "training.epochs = 2", "network.k = 3"));
    assertThat(both.lines())
        .contains("A: <one>", "B: two")
        .anyMatch(line -> line.matches(" *test accuracy \\(%\\) +50\\.00 +75\\.00 +\\+25\\.00"))
        .anyMatch(line -> line.matches(" *cpu seconds +5\\.00 +7\\.50 +x 1\\.50"))
        .anyMatch(line -> line.matches(" *rule\\.gate +\"active\" +\"none\""))
        .anyMatch(line -> line.matches(" *network\\.k +the default +3"))
        .noneMatch(line -> line.contains("training.epochs"));
    assertThat(both.html())
        .contains("A: &lt;one&gt;, epoch 2: 50.00", "B: two, epoch 2: 75.00", "+25.00")
        .doesNotContain("<one>", "{{", "<script");
  }

  @Test
  void twoSweepsHaveDifferencesBySeedOfSettingsInCommon(@TempDir Path folder) throws IOException {
    SweepReport a =
        SweepReport.of(
            SweepFixture.in(folder.resolve("a")).grid(Goal.VALIDATION_ACCURACY).folder());
    SweepReport b =
        SweepReport.of(
            SweepFixture.in(folder.resolve("b")).grid(Goal.VALIDATION_ACCURACY).folder());
    Comparison same = SweepComparison.of(a, b);
    long ranked = a.settings().stream().filter(setting -> setting.rank() > 0).count();
    Comparison.Rows rows = same.tables().get("Settings in common");
    assertThat(rows.rows()).hasSize((int) ranked);
    SettingResult best = a.settings().get(0);
    assertThat(rows.rows().get(0))
        .containsExactly(
            new RankingText(a).setting(best),
            AccuracyText.figure(best.accuracy().get("validation_accuracy")),
            AccuracyText.figure(best.accuracy().get("validation_accuracy")),
            "+0.00 [+0.00, +0.00]",
            "1.000",
            String.valueOf(best.seeds()));
    assertThat(same.lines()).contains("The best of each", "Settings in common");
    assertThat(same.html()).contains("+0.00 [+0.00, +0.00]").doesNotContain("{{");
  }
}
