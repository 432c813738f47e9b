package org.grlu.reports;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.reports.SettingResult.Comparison;

/**
 * Settings, the best first, as {@link RankKey} and {@link Fronts} order them; those without any
 * result come last, without a rank.
 *
 * <p>A setting cannot be told from the best where the paired t test over their common seeds, in the
 * first goal, corrected by Holm for all such comparisons, gives more than 0.05, or where they have
 * fewer than two seeds in common. The best is compared with the settings of which no trial waits at
 * a rung of halving, whatever their epochs; where the best itself waits, with those that did as
 * many epochs.
 */
final class Ranking {
  private static final double ERROR = 0.05;

  private Ranking() {}

  static List<SettingResult> of(List<SweepTrial> trials, List<String> swept, List<Goal> goals) {
    Map<String, List<SweepTrial>> bySetting = new LinkedHashMap<>();
    trials.forEach(
        trial -> bySetting.computeIfAbsent(trial.settingId(), id -> new ArrayList<>()).add(trial));
    Collection<List<SweepTrial>> groups = bySetting.values();
    List<SettingResult> settings =
        new ArrayList<>(groups.stream().map(group -> SettingResult.of(group, swept)).toList());
    Fronts fronts = new Fronts(settings.stream().map(s -> s.rankKey(goals)).toList());
    List<SettingResult> ranked = new ArrayList<>();
    for (int i : fronts.order()) {
      SettingResult setting = settings.get(i);
      boolean known = setting.reached(goals.get(0)).mean() != null;
      ranked.add(known ? setting.ranked(ranked.size() + 1, fronts.of(i)) : setting);
    }
    compare(ranked, goals.get(0));
    return ranked;
  }

  /** Whether two settings came so far that their results can be compared. */
  static boolean comparable(SettingResult best, SettingResult other) {
    return best.waits() ? other.epochs() == best.epochs() : !other.waits();
  }

  /** Compares all with the first, in place. */
  private static void compare(List<SettingResult> settings, Goal goal) {
    if (settings.isEmpty() || settings.get(0).rank() == 0) {
      return;
    }
    SettingResult best = settings.get(0);
    List<Integer> tested = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 1; i < settings.size(); i++) {
      SettingResult other = settings.get(i);
      if (other.rank() == 0 || !comparable(best, other)) {
        continue;
      }
      double p = PairedTest.pValue(differences(best, other, goal.column()));
      if (Double.isNaN(p)) {
        settings.set(i, other.compared(new Comparison(null, null, true)));
      } else {
        tested.add(i);
        values.add(p);
      }
    }
    double[] p = values.stream().mapToDouble(Double::doubleValue).toArray();
    double[] adjusted = PairedTest.holm(p);
    for (int k = 0; k < p.length; k++) {
      int i = tested.get(k);
      Comparison comparison = new Comparison(p[k], adjusted[k], adjusted[k] > ERROR);
      settings.set(i, settings.get(i).compared(comparison));
    }
  }

  private static double[] differences(SettingResult best, SettingResult other, String column) {
    Map<Long, Double> others = other.bySeed(column);
    return best.bySeed(column).entrySet().stream()
        .filter(entry -> others.containsKey(entry.getKey()))
        .mapToDouble(entry -> entry.getValue() - others.get(entry.getKey()))
        .toArray();
  }
}
