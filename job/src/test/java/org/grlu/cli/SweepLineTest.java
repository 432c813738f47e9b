package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.reports.AccuracyText;
import org.grlu.reports.Goal;
import org.grlu.reports.Sample;
import org.grlu.sweep.SweepProgress;
import org.junit.jupiter.api.Test;

class SweepLineTest {
  private static SweepProgress.Best best(Map<String, Object> parameters) {
    return new SweepProgress.Best(
        "id", parameters, Goal.VALIDATION_ACCURACY, Sample.of(new double[] {0.94137}));
  }

  @Test
  void theBestSettingIsWithinEightyColumns() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("training.learning-rate.max", 0.0051515);
    parameters.put("rule.gate", "active");
    String line = SweepLine.of(new SweepProgress(20, 2, 0, 0, 0, 16, best(parameters), 130));
    assertThat(line)
        .isEqualTo(
            "done 20, left 16 (2 running), 2 min 10 s; best 94.14%: learning-rate.max 0.00515, gate"
                + " active");
    assertThat(line.indexOf("learning-rate.max 0.00515")).isLessThan(60);
  }

  @Test
  void whatWentWrongAndWhatWaitsIsCounted() {
    assertThat(SweepLine.of(new SweepProgress(1, 2, 3, 4, 5, 6, null, Double.NaN)))
        .isEqualTo("done 1, failed 7, at rungs 5, left 6 (2 running)");
    assertThat(SweepLine.of(new SweepProgress(1, 0, 0, 0, 0, 0, best(Map.of()), 0)))
        .isEqualTo("done 1, left 0 (0 running), 0 s; best 94.14%");
  }

  @Test
  void pathsThatEndAlikeStayWhole() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("rule.noise", "gaussian");
    parameters.put("other.noise", 1000.0);
    parameters.put("training.epochs", 3L);
    parameters.put("training.learning-rate.max", 1e-6);
    parameters.put("network.layers", List.of(784L, 256L, 10L));
    assertThat(SweepLine.of(new SweepProgress(0, 0, 0, 0, 0, 0, best(parameters), Double.NaN)))
        .endsWith(
            ": rule.noise gaussian, other.noise 1000, epochs 3, learning-rate.max 0.000001, layers 784-256-10");
  }

  @Test
  void theEndNamesTheIntervalAndHasTheReportsFigures() {
    Sample three = Sample.of(new double[] {0.94, 0.95, 0.96});
    Map<String, Object> parameters = Map.of("rule.gate", "active");
    assertThat(
            SweepCommand.best(new SweepProgress.Best("id", parameters, Goal.TEST_ACCURACY, three)))
        .isEqualTo(
            "best by test_accuracy: %s (rule.gate = active), mean and 95 %% interval of 3 seeds"
                .formatted(AccuracyText.of(three)))
        .startsWith("best by test_accuracy: 95.00% [9");
    assertThat(SweepCommand.best(best(Map.of())))
        .isEqualTo("best by validation_accuracy: 94.14%, 1 seed");
  }
}
