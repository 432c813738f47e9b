package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntervalBarsTest {
  private static final Goal GOAL = Goal.VALIDATION_ACCURACY;

  private static SettingResult setting(String status, double... values) {
    return new SettingResult(
        "id",
        1,
        0,
        Map.of(),
        List.of(new SweepTrial(Map.of("trial_id", "t", "status", status))),
        10,
        Map.of(GOAL.column(), Sample.ofShares(values)),
        Map.of(),
        Map.of(),
        SettingResult.Comparison.NONE);
  }

  @Test
  void anIntervalEndsWhereAccuraciesEnd() {
    SettingResult wide = setting("done", 0.2, 0.8);
    Sample sample = wide.reached(GOAL);
    assertThat(sample.low()).isBetween(0.0, 0.2);
    assertThat(sample.high()).isBetween(0.8, 1.0);
    assertThat(IntervalBars.of(List.of(wide), GOAL).svg(sample))
        .contains("x1=\"4.0\" x2=\"96.0\"")
        .contains("cx=\"50.0\"");
  }

  @Test
  void theAxisIsOfThoseThatCameAsFarAsTheBest() {
    SettingResult best = setting("done", 0.96, 0.9601);
    SettingResult stopped = setting("stopped", 0.3, 0.31);
    IntervalBars bars = IntervalBars.of(List.of(best, stopped, stopped), GOAL);
    assertThat(bars.svg(best.reached(GOAL))).contains("<circle cx=\"50.4\"");
    assertThat(bars.svg(stopped.reached(GOAL))).contains("<path").doesNotContain("circle");
  }

  @Test
  void whatLiesBeyondEitherEndIsAnArrow() {
    IntervalBars bars = IntervalBars.of(List.of(setting("done", 0.5, 0.51)), GOAL);
    assertThat(bars.svg(Sample.of(new double[] {0.1}))).contains("M7 4 4 7l3 3");
    assertThat(bars.svg(Sample.of(new double[] {0.9}))).contains("M93 4 96 7l-3 3");
  }
}
