package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyTextTest {
  @Test
  void anIntervalIsInBracketsAndOnlyWhereThereIsOne() {
    Sample several = new Sample(3, 0.972, 0.001, 0.96912, 0.975);
    assertThat(AccuracyText.of(several)).isEqualTo("97.20% [96.91, 97.50]");
    assertThat(AccuracyText.figure(several)).isEqualTo("97.20 [96.91, 97.50]");
    assertThat(AccuracyText.of(Sample.of(new double[] {0.9}))).isEqualTo("90.00%");
    assertThat(AccuracyText.of(Sample.of(new double[0]))).isEmpty();
  }

  @Test
  void reportsHaveOneKindOfIntervalAndNameIt(@TempDir Path folder) throws IOException {
    SweepReport report =
        SweepReport.of(
            SweepFixture.in(folder.resolve("s")).grid(Goal.VALIDATION_ACCURACY).folder());
    Sample best = report.settings().get(0).accuracy().get("validation_accuracy");
    assertThat(report.html())
        .contains(AccuracyText.figure(best), "the band is the 95&nbsp;% interval of the mean")
        .contains("(mean and 95 % interval) over 5 seeds")
        .doesNotContain("\u00b1", "standard deviation");
    assertThat(report.markdown())
        .contains(AccuracyText.of(best), "In brackets stands the " + RankingText.INTERVAL)
        .doesNotContain("\u00b1");
    assertThat(report.winner(1).said())
        .contains(
            "validation accuracy %s (mean and 95 %% interval of 5 seeds), ranked by this"
                .formatted(AccuracyText.of(best)));
  }
}
