package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.grlu.reports.SweepDescription.Parameter;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final Goal GOAL = Goal.VALIDATION_ACCURACY;
  private static final Parameter RATE =
      new Parameter("training.rate", "rate", "log", "log-uniform [0.001, 1]");
  private static final Parameter KIND = new Parameter("rule.kind", "kind", "category", "[a, b, c]");
  private static final Parameter IDLE = new Parameter("idle", "idle", "linear", "[1, 2, 3, 4]");
  private static final List<Parameter> ALL = List.of(IDLE, RATE, KIND);

  /** Settings drawn at random, ranked by a function of their values. */
  private static List<SettingResult> settings(int count, ToDoubleFunction<Map<String, Object>> of) {
    Random random = new Random(7);
    List<SweepTrial> trials = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = new HashMap<>();
      row.put("rate", Math.pow(10, -3 * random.nextDouble()));
      row.put("kind", List.of("a", "b", "c").get(random.nextInt(3)));
      row.put("idle", (long) (1 + random.nextInt(4)));
      row.put(GOAL.column(), of.applyAsDouble(row));
      row.putAll(Map.of("trial_id", "t" + i, "setting_id", "s" + i, "status", "done"));
      row.put("epochs_done", 1);
      trials.add(new SweepTrial(row));
    }
    return Ranking.of(trials, List.of("rate", "kind", "idle"), List.of(GOAL));
  }

  private static double rate(Map<String, Object> row) {
    return Math.log10((double) row.get("rate"));
  }

  @Test
  void sharesAreThoseOfTheVariance() {
    // log10 rate is uniform over 3, with variance 0.75; the kind adds 0 or 1.5, with variance 0.5
    List<Importance> all =
        Importance.of(
            settings(400, row -> rate(row) + (row.get("kind").equals("b") ? 1.5 : 0)), ALL, GOAL);
    assertThat(all)
        .extracting(Importance::path)
        .containsExactly("training.rate", "rule.kind", "idle");
    // a forest of this size leaves some of it unexplained
    assertThat(all.get(0).share()).isCloseTo(0.6, within(0.08));
    assertThat(all.get(1).share()).isCloseTo(0.4, within(0.08));
    assertThat(all.get(2).share()).isCloseTo(0, within(0.01));
    assertThat(all).allMatch(each -> each.low() <= each.share() && each.share() <= each.high());
    assertThat(all.get(1).low()).isGreaterThan(all.get(2).high());
  }

  @Test
  void parametersThatActOnlyTogetherBothCount() {
    List<Importance> all =
        Importance.of(
            settings(400, row -> row.get("kind").equals("a") == (rate(row) > -1.5) ? 1 : 0),
            ALL,
            GOAL);
    assertThat(all.subList(0, 2)).allMatch(each -> each.low() > 0.3);
    assertThat(all.get(2).path()).isEqualTo("idle");
  }

  @Test
  void ofTooFewSettingsOrOfEqualOnesNothingIsSaid() {
    assertThat(Importance.of(settings(11, ImportanceTest::rate), ALL, GOAL)).isEmpty();
    assertThat(Importance.of(settings(40, row -> 0.5), ALL, GOAL)).isEmpty();
    assertThat(Importance.of(settings(40, ImportanceTest::rate), List.of(), GOAL)).isEmpty();
  }

  @Test
  void whereTheBestLiesAtAnEndALineSaysSo() {
    assertThat(RangeEnds.of(settings(60, ImportanceTest::rate), List.of(RATE)))
        .singleElement()
        .asString()
        .startsWith("The best setting has training.rate = 0.7683, at the upper end of what");
    assertThat(RangeEnds.of(settings(60, row -> -(long) row.get("idle")), List.of(IDLE)))
        .singleElement()
        .asString()
        .contains("idle = 1, at the lower end");
    assertThat(RangeEnds.of(settings(60, row -> -Math.abs(rate(row) + 1.5)), List.of(RATE)))
        .isEmpty();
    assertThat(RangeEnds.of(List.of(), ALL)).isEmpty();
  }
}
