package org.grlu.spark;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grlu.sweep.PlannedTrial;

/** What is known of a sweep's trials: counts, and which setting is ahead. */
final class Standing {
  private final Map<String, String> status = new HashMap<>();
  private final Map<String, Integer> epochsDone = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  /** The seeds' results of a setting, at the latest epoch that any of them reached. */
  private static final class Setting {
    private final PlannedTrial first;
    private final Map<String, Double> results = new HashMap<>();
    private int seeds;
    private int epochs;

    Setting(PlannedTrial first) {
      this.first = first;
    }

    double mean() {
      return results.values().stream().mapToDouble(x -> x).average().orElse(Double.NaN);
    }

    double deviation() {
      double mean = mean();
      double squares = results.values().stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
      return results.size() < 2 ? Double.NaN : Math.sqrt(squares / (results.size() - 1));
    }

    /**
     * More epochs are ahead of fewer, then a setting whose seeds are all over of one whose are not.
     */
    boolean isAheadOf(Setting other) {
      if (other == null || epochs != other.epochs) {
        return other == null || epochs > other.epochs;
      }
      boolean whole = results.size() == seeds;
      boolean otherWhole = other.results.size() == other.seeds;
      return whole == otherWhole ? mean() > other.mean() : whole;
    }
  }

  Standing(List<PlannedTrial> plan) {
    for (PlannedTrial trial : plan) {
      settings.computeIfAbsent(trial.settingId(), id -> new Setting(trial)).seeds++;
    }
  }

  /**
   * Takes a trial's end; a later one replaces it.
   *
   * @param word its status, as it stands in tables
   * @param epochs that it did
   * @param result of the metric that settings are ranked by; null where there is none
   */
  void put(PlannedTrial trial, String word, int epochs, Double result) {
    epochsDone.put(trial.trialId(), epochs);
    String before = status.put(trial.trialId(), word);
    if (before != null) {
      counts.merge(before, -1L, Long::sum);
    }
    counts.merge(word, 1L, Long::sum);
    Setting setting = settings.get(trial.settingId());
    setting.results.remove(trial.trialId());
    if (result == null || !(word.equals("done") || word.equals("stopped"))) {
      return;
    }
    if (epochs > setting.epochs) {
      setting.results.clear();
      setting.epochs = epochs;
    }
    if (epochs == setting.epochs) {
      setting.results.put(trial.trialId(), result);
    }
  }

  /** A trial's status; null where it has no end. */
  String status(String trialId) {
    return status.get(trialId);
  }

  /** The epochs that a trial did; 0 where it has no end. */
  int epochs(String trialId) {
    return epochsDone.getOrDefault(trialId, 0);
  }

  long count(String word) {
    return counts.getOrDefault(word, 0L);
  }

  /** The setting that is ahead; null before any result. */
  SweepProgress.Best best() {
    Setting best = null;
    Collection<Setting> all = settings.values();
    for (Setting setting : all) {
      if (!setting.results.isEmpty() && setting.isAheadOf(best)) {
        best = setting;
      }
    }
    return best == null
        ? null
        : new SweepProgress.Best(
            best.first.settingId(),
            best.first.parameters(),
            best.mean(),
            best.deviation(),
            best.results.size());
  }

  /**
   * How the sweep stands.
   *
   * @param left trials that are to run, the running ones among them
   */
  SweepProgress progress(int running, long left, double secondsLeft) {
    return new SweepProgress(
        count("done"),
        running,
        count("diverged"),
        count("failed"),
        count("stopped"),
        left,
        best(),
        secondsLeft);
  }
}
