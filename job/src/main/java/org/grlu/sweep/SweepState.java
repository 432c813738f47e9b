package org.grlu.sweep;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grlu.reports.RankKey;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.Sample;

/** What is known of a sweep's trials: counts, and which setting its report ranks first. */
public final class SweepState {
  private final Map<String, String> status = new HashMap<>();
  private final Map<String, Integer> epochsDone = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private record End(RecordedEnd ending, Double result) {
    boolean is(String status) {
      return ending.status().equals(status);
    }

    boolean measured() {
      return is("done") || is("stopped");
    }
  }

  /** How a setting's seeds ended, and what follows from that. */
  private static final class Setting {
    private final PlannedTrial first;
    private final Map<Long, End> ends = new TreeMap<>();
    private Sample sample;
    private RankKey rankKey;

    Setting(PlannedTrial first) {
      this.first = first;
    }

    void put(long seed, End end) {
      ends.merge(seed, end, (a, b) -> b.ending.replaces(a.ending) ? b : a);
      Collection<End> all = ends.values();
      List<End> measured = all.stream().filter(End::measured).toList();
      sample =
          Sample.ofShares(
              measured.stream()
                  .filter(each -> each.result != null)
                  .mapToDouble(End::result)
                  .toArray());
      rankKey =
          new RankKey(
              all.stream().anyMatch(each -> each.is("stopped")),
              measured.stream().mapToInt(each -> each.ending.epochs()).min().orElse(0),
              all.stream().anyMatch(each -> each.is("diverged")),
              sample.mean(),
              first.settingId());
    }
  }

  public SweepState(List<PlannedTrial> plan) {
    for (PlannedTrial trial : plan) {
      settings.computeIfAbsent(trial.settingId(), id -> new Setting(trial));
    }
  }

  /**
   * Takes a trial's end; a later one replaces it.
   *
   * @param word its status, as it stands in tables
   * @param epochs that it did
   * @param result of the metric that settings are ranked by; null where there is none
   */
  public void put(PlannedTrial trial, String word, int epochs, Double result) {
    epochsDone.put(trial.trialId(), epochs);
    String before = status.put(trial.trialId(), word);
    if (before != null) {
      counts.merge(before, -1L, Long::sum);
    }
    counts.merge(word, 1L, Long::sum);
    rank(trial, new RecordedEnd(word, epochs), result);
  }

  /**
   * Takes an end that stands in the tables and so counts in the ranking, of a trial that is tried
   * again.
   *
   * @param result as {@link #put} has it
   */
  public void rank(PlannedTrial trial, RecordedEnd ending, Double result) {
    settings.get(trial.settingId()).put(trial.seed(), new End(ending, result));
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

  /** The setting that the report ranks first; null before any result. */
  SweepProgress.Best best() {
    return settings.values().stream()
        .filter(setting -> setting.sample != null && setting.sample.mean() != null)
        .min(Comparator.comparing(setting -> setting.rankKey))
        .map(
            best ->
                new SweepProgress.Best(
                    best.first.settingId(), best.first.parameters(), best.sample))
        .orElse(null);
  }

  /**
   * How the sweep stands.
   *
   * @param left trials that are to run, the running ones among them
   */
  public SweepProgress progress(int running, long left, double secondsLeft) {
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
