package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final String BY = "validation_accuracy";

  private final List<SweepTrial> trials = new ArrayList<>();
  private List<Goal> goals = List.of(Goal.VALIDATION_ACCURACY);

  private static SweepTrial trial(
      String setting, long seed, String status, int epochs, Double accuracy) {
    Map<String, Object> row = new HashMap<>();
    row.put("trial_id", setting + seed);
    row.put("setting_id", setting);
    row.put("training_seed", seed);
    row.put("status", status);
    row.put("epochs_done", epochs);
    row.put(BY, accuracy);
    row.put("rule_gate", "gate of " + setting);
    return new SweepTrial(row);
  }

  private void setting(String id, double... accuracies) {
    for (int i = 0; i < accuracies.length; i++) {
      trials.add(trial(id, i + 1, "done", 10, accuracies[i]));
    }
  }

  private List<SettingResult> ranked() {
    return Ranking.of(trials, List.of("rule_gate"), goals);
  }

  private List<String> order() {
    return ranked().stream().map(s -> s.rank() + s.id()).toList();
  }

  private SettingResult result(String id) {
    return ranked().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private void costing(String setting, double accuracy, double seconds) {
    setting(setting, accuracy);
    trials.get(trials.size() - 1).row().put("cpu_seconds", seconds);
  }

  @Test
  void bySeveralGoalsFrontsComeOneAfterTheOther() {
    costing("good", 0.98, 100);
    costing("cheap", 0.90, 1);
    costing("dear", 0.97, 200);
    costing("middle", 0.95, 10);
    costing("worse", 0.94, 10);
    costing("worst", 0.93, 300);
    assertThat(order()).containsExactly("1good", "2dear", "3middle", "4worse", "5worst", "6cheap");
    assertThat(ranked()).extracting(SettingResult::front).containsOnly(0);
    goals = List.of(Goal.VALIDATION_ACCURACY, Goal.CPU_SECONDS);
    assertThat(order()).containsExactly("1good", "2middle", "3cheap", "4dear", "5worse", "6worst");
    assertThat(ranked()).extracting(SettingResult::front).containsExactly(1, 1, 1, 2, 2, 3);
    goals = List.of(Goal.CPU_SECONDS);
    assertThat(order()).startsWith("1cheap").endsWith("6worst");
  }

  @Test
  void aFrontHasWhatNoOtherDominates() {
    Random random = new Random(5);
    goals = List.of(Goal.VALIDATION_ACCURACY, Goal.CPU_SECONDS, Goal.FORWARD_PASSES);
    for (int i = 0; i < 200; i++) {
      costing("s" + i, random.nextInt(12) / 12.0, random.nextInt(12));
      trials.get(i).row().put("forward_passes", (long) random.nextInt(12));
    }
    List<SettingResult> ranked = ranked();
    int front = 1;
    for (List<SettingResult> left = new ArrayList<>(ranked); !left.isEmpty(); front++) {
      // by the definition: the first front is what nothing dominates, the next what then remains
      List<SettingResult> all = List.copyOf(left);
      List<SettingResult> best =
          all.stream()
              .filter(
                  s -> all.stream().noneMatch(o -> o.rankKey(goals).dominates(s.rankKey(goals))))
              .toList();
      assertThat(best).extracting(SettingResult::front).containsOnly(front);
      left.removeAll(best);
    }
    assertThat(ranked).isSortedAccordingTo(Comparator.comparingInt(SettingResult::front));
    assertThat(ranked.get(0).front()).isEqualTo(1);
  }

  @Test
  void theHigherMeanComesFirstAndSeedsArePaired() {
    setting("low", 0.80, 0.84, 0.88);
    setting("best", 0.90, 0.94, 0.98);
    // seeds differ more than settings do, but always by the same little
    setting("next", 0.889, 0.931, 0.970);
    assertThat(order()).containsExactly("1best", "2next", "3low");
    assertThat(result("best").values()).containsEntry("rule_gate", "gate of best");
    // differences 0.011, 0.009, 0.010: t = 0.010 / (0.001 / sqrt 3) = 17.32; p = 0.003317 at 2 df
    assertThat(result("next").comparison().p())
        .isCloseTo(0.003317, org.assertj.core.api.Assertions.within(2e-6));
    assertThat(result("next").comparison().tied()).isFalse();
    assertThat(result("best").comparison()).isEqualTo(SettingResult.Comparison.NONE);
  }

  @Test
  void whatDiffersByChanceIsTied() {
    setting("a", 0.90, 0.91, 0.92);
    setting("b", 0.91, 0.89, 0.92);
    assertThat(result("b").comparison().tied()).isTrue();
    assertThat(result("b").comparison().adjusted()).isGreaterThan(0.05);
  }

  @Test
  void manyComparisonsAskForMore() {
    setting("best", 0.90, 0.91, 0.92);
    // one comparison at p = 0.032 holds, and among 40 such it does not
    setting("other", 0.88, 0.892, 0.890);
    double alone = result("other").comparison().p();
    assertThat(alone).isBetween(0.01, 0.05);
    assertThat(result("other").comparison().tied()).isFalse();
    for (int i = 0; i < 39; i++) {
      setting("more" + i, 0.87, 0.882, 0.880);
    }
    assertThat(result("other").comparison().p()).isEqualTo(alone);
    assertThat(result("other").comparison().tied()).isTrue();
  }

  @Test
  void onlyCommonSeedsArePairedAndOneIsTooFew() {
    setting("best", 0.90, 0.91, 0.92);
    trials.add(trial("part", 2, "done", 10, 0.81));
    trials.add(trial("part", 3, "done", 10, 0.821));
    trials.add(trial("part", 4, "done", 10, 0.5));
    trials.add(trial("one", 1, "done", 10, 0.5));
    trials.add(trial("one", 7, "done", 10, 0.5));
    assertThat(result("part").comparison().p())
        .isEqualTo(PairedTest.pValue(new double[] {0.91 - 0.81, 0.92 - 0.821}));
    assertThat(result("one").comparison())
        .isEqualTo(new SettingResult.Comparison(null, null, true));
  }

  @Test
  void divergedComesAfterWholeAndNoResultLast() {
    setting("whole", 0.80, 0.81);
    setting("broken", 0.90, 0.91);
    trials.add(trial("broken", 3, "diverged", 2, 0.99));
    trials.add(trial("none", 1, "failed", 0, null));
    assertThat(order()).containsExactly("1whole", "2broken", "0none");
    assertThat(result("broken").seeds()).isEqualTo(2);
    assertThat(result("broken").accuracy().get(BY).mean()).isEqualTo((0.90 + 0.91) / 2);
    assertThat(result("none").count(TrialStatus.FAILED)).isEqualTo(1);
  }

  @Test
  void whatHalvingStoppedComesAfterWhatItLetRun() {
    trials.add(trial("early", 1, "stopped", 2, 0.99));
    trials.add(trial("early", 2, "stopped", 2, 0.99));
    setting("late", 0.80, 0.81);
    assertThat(order()).containsExactly("1late", "2early");
    assertThat(result("early").comparison()).isEqualTo(SettingResult.Comparison.NONE);
    assertThat(result("early").epochs()).isEqualTo(2);
  }

  @Test
  void moreEpochsAloneDoNotWinAndAreCompared() {
    setting("short", 0.90, 0.91, 0.92);
    for (int seed = 1; seed <= 3; seed++) {
      trials.add(trial("long", seed, "done", 20, 0.5 + 0.001 * seed * seed));
    }
    assertThat(order()).containsExactly("1short", "2long");
    assertThat(result("long").comparison().p()).isNotNull().isLessThan(0.001);
    assertThat(result("long").comparison().tied()).isFalse();
  }

  @Test
  void ofThoseThatWaitMoreEpochsComeFirst() {
    trials.add(trial("one", 1, "stopped", 1, 0.99));
    trials.add(trial("three", 1, "stopped", 3, 0.7));
    trials.add(trial("three", 2, "diverged", 1, null));
    // one seed is over, the other was not let go on yet
    trials.add(trial("part", 1, "done", 10, 0.98));
    trials.add(trial("part", 2, "stopped", 3, 0.98));
    setting("whole", 0.1, 0.2);
    assertThat(order()).containsExactly("1whole", "2part", "3three", "4one");
    assertThat(ranked().stream().map(SettingResult::comparison))
        .containsOnly(SettingResult.Comparison.NONE);
  }

  @Test
  void aBestThatWaitsIsComparedWithThoseOfAsManyEpochs() {
    for (int seed = 1; seed <= 3; seed++) {
      trials.add(trial("best", seed, "stopped", 3, 0.9 + 0.01 * seed));
      trials.add(trial("there", seed, "stopped", 3, 0.5 + 0.001 * seed * seed));
      trials.add(trial("behind", seed, "stopped", 1, 0.95));
    }
    assertThat(order()).containsExactly("1best", "2there", "3behind");
    assertThat(result("there").comparison().p()).isNotNull();
    assertThat(result("behind").comparison()).isEqualTo(SettingResult.Comparison.NONE);
  }

  @Test
  void aTrialCountsOnceByItsFinalRowAndTheLastOfItsFailures() {
    List<SweepTrial> rows =
        List.of(
            trial("a", 1, "failed", 1, 0.1),
            trial("a", 1, "done", 10, 0.9),
            trial("a", 1, "stopped", 4, 0.5),
            trial("a", 2, "stopped", 4, 0.4),
            trial("a", 2, "stopped", 2, 0.2),
            trial("a", 3, "failed", 9, 0.3),
            trial("a", 3, "failed", 3, 0.3),
            trial("a", 4, "diverged", 5, 0.3),
            trial("a", 4, "failed", 2, 0.3),
            trial("a", 4, "stopped", 8, 0.3));
    assertThat(SweepTrial.once(rows).stream().map(t -> t.status().word() + t.epochs()))
        .containsExactly("done10", "stopped4", "failed3", "failed2");
  }
}
