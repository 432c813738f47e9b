package org.grlu.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.grlu.reports.Fronts;
import org.grlu.reports.Goal;
import org.grlu.reports.RankKey;
import org.grlu.reports.RecordedEnd;
import org.grlu.reports.Sample;
import org.grlu.reports.TrialStatus;

/** What is known of a sweep's trials: counts, and which setting its report ranks first. */
public final class SweepState {
  private final List<Goal> goals;
  private final Map<String, RecordedEnd> ends = new HashMap<>();
  private final Map<TrialStatus, Long> counts = new EnumMap<>(TrialStatus.class);
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  /** Those that have a result, the best first; it is asked for a few times a second. */
  private final NavigableMap<RankKey, Setting> ranked = new TreeMap<>();

  /** How a setting's seeds ended, and what follows from that. */
  private final class Setting {
    private final PlannedTrial first;
    private final List<String> trials = new ArrayList<>();
    private final Map<Long, RecordedEnd> bySeed = new TreeMap<>();
    private Sample sample;
    private RankKey rankKey;

    Setting(PlannedTrial first) {
      this.first = first;
    }

    void put(long seed, RecordedEnd end) {
      if (rankKey != null) {
        ranked.remove(rankKey);
      }
      bySeed.merge(seed, end, (a, b) -> b.replaces(a) ? b : a);
      Collection<RecordedEnd> all = bySeed.values();
      List<RecordedEnd> measured = all.stream().filter(RecordedEnd::measured).toList();
      sample = sample(measured, 0);
      rankKey =
          new RankKey(
              all.stream().anyMatch(each -> each.is(TrialStatus.STOPPED)),
              measured.stream().mapToInt(RecordedEnd::epochs).min().orElse(0),
              all.stream().anyMatch(each -> each.is(TrialStatus.DIVERGED)),
              merits(measured),
              first.settingId());
      if (rankKey.known()) {
        ranked.put(rankKey, this);
      }
    }

    private Sample sample(List<RecordedEnd> measured, int goal) {
      return goals
          .get(goal)
          .sample(
              measured.stream()
                  .map(each -> each.reached().get(goal))
                  .filter(Objects::nonNull)
                  .mapToDouble(Double::doubleValue)
                  .toArray());
    }

    private List<Double> merits(List<RecordedEnd> measured) {
      List<Double> merits = new ArrayList<>();
      for (int i = 0; i < goals.size(); i++) {
        Double mean = sample(measured, i).mean();
        merits.add(mean == null ? null : (Double) goals.get(i).merit(mean));
      }
      return merits;
    }
  }

  /**
   * @param goals that settings are ranked by
   */
  public SweepState(List<PlannedTrial> plan, List<Goal> goals) {
    this.goals = goals;
    plan.forEach(this::add);
  }

  /** Takes a trial that was planned since. */
  public void add(PlannedTrial trial) {
    settings
        .computeIfAbsent(trial.settingId(), id -> new Setting(trial))
        .trials
        .add(trial.trialId());
  }

  /** Takes a trial's end; a later one replaces it. */
  public void put(PlannedTrial trial, RecordedEnd end) {
    RecordedEnd before = ends.put(trial.trialId(), end);
    if (before != null) {
      counts.merge(before.status(), -1L, Long::sum);
    }
    counts.merge(end.status(), 1L, Long::sum);
    rank(trial, end);
  }

  /**
   * Takes an end that stands in the tables and so counts in the ranking, of a trial that is tried
   * again.
   */
  public void rank(PlannedTrial trial, RecordedEnd end) {
    settings.get(trial.settingId()).put(trial.seed(), end);
  }

  /** A trial's end; null where it has none. */
  public RecordedEnd end(String trialId) {
    return ends.get(trialId);
  }

  /** Whether settings are ranked by one goal. */
  public boolean hasOneGoal() {
    return goals.size() == 1;
  }

  /** The ids of a setting's trials. */
  public List<String> trials(String settingId) {
    return Collections.unmodifiableList(settings.get(settingId).trials);
  }

  /** Whether all trials of a setting are over, and none is tried again. */
  public boolean settled(String settingId) {
    return settings.get(settingId).trials.stream()
        .map(ends::get)
        .allMatch(end -> end != null && end.over());
  }

  /** The ids of the settings that the report ranks first, of those that have a result. */
  public List<String> first(int count) {
    List<RankKey> keys = List.copyOf(ranked.keySet());
    return new Fronts(keys).order().stream().limit(count).map(i -> keys.get(i).id()).toList();
  }

  /**
   * The ids of the settings that come first by one goal among those that are {@link #settled}. What
   * does not belong to them now never will: others settle, and the order of these stays.
   */
  public List<String> firstSettled(int count) {
    return ranked.values().stream()
        .map(setting -> setting.first.settingId())
        .filter(this::settled)
        .limit(count)
        .toList();
  }

  long count(TrialStatus how) {
    return counts.getOrDefault(how, 0L);
  }

  /** The setting that the report ranks first; null before any result. */
  SweepProgress.Best best() {
    if (ranked.isEmpty()) {
      return null;
    }
    Setting best = ranked.firstEntry().getValue();
    return new SweepProgress.Best(
        best.first.settingId(), best.first.parameters(), goals.get(0), best.sample);
  }

  /**
   * How the sweep stands.
   *
   * @param left trials that are to run, the running ones among them
   */
  public SweepProgress progress(int running, long left, double secondsLeft) {
    return new SweepProgress(
        count(TrialStatus.DONE),
        running,
        count(TrialStatus.DIVERGED),
        count(TrialStatus.FAILED),
        count(TrialStatus.STOPPED),
        left,
        best(),
        secondsLeft);
  }
}
