package org.grlu.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a setting, that is a configuration without its seed, reached over its seeds.
 *
 * @param rank from 1; 0 where no seed has a result
 * @param front from 1, where settings are ranked by several goals: 1 is the Pareto front, which no
 *     setting is better than in all goals; 2 what would be without it; 0 where there is one goal,
 *     or no result
 * @param values of the swept columns
 * @param trials one a seed, in the seeds' order
 * @param epochs that all its measured trials have done
 * @param accuracy by column, over the trials that are done or wait at a rung
 * @param cost by column, over the same trials
 * @param tasks by column: of streams with tasks, what became of these, and how classes overlap
 * @param comparison with the best
 */
record SettingResult(
    String id,
    int rank,
    int front,
    Map<String, Object> values,
    List<SweepTrial> trials,
    int epochs,
    Map<String, Sample> accuracy,
    Map<String, Sample> cost,
    Map<String, Sample> tasks,
    Comparison comparison) {

  static final List<String> ACCURACIES =
      List.of("train_accuracy", "validation_accuracy", "test_accuracy");

  /** See the table of trials. */
  static final String COSINE = "largest_class_cosine";

  static final List<String> COSTS = List.of("cpu_seconds", "wall_seconds", "forward_passes");

  /**
   * How a setting compares with the best one.
   *
   * @param p of the paired test over common seeds; null where there are fewer than two of them, or
   *     one of the two waits at a rung of halving that the other has passed
   * @param adjusted the same for all comparisons at once; null as p
   * @param tied whether it cannot be told from the best
   */
  record Comparison(Double p, Double adjusted, boolean tied) {
    static final Comparison NONE = new Comparison(null, null, false);
  }

  static SettingResult of(List<SweepTrial> ofSetting, Iterable<String> swept) {
    List<SweepTrial> trials = new ArrayList<>(ofSetting);
    trials.sort(Comparator.comparingLong(SweepTrial::seed));
    Map<String, Object> values = new LinkedHashMap<>();
    swept.forEach(column -> values.put(column, trials.get(0).row().get(column)));
    List<SweepTrial> measured = trials.stream().filter(SweepTrial::measured).toList();
    int epochs = measured.stream().mapToInt(SweepTrial::epochs).min().orElse(0);
    return new SettingResult(
        trials.get(0).settingId(),
        0,
        0,
        values,
        trials,
        epochs,
        samples(ACCURACIES, measured),
        samples(COSTS, measured),
        samples(ofTasks(), measured),
        Comparison.NONE);
  }

  private static List<String> ofTasks() {
    return Stream.of(Goal.values())
        .filter(goal -> goal.ofTasks() || goal == Goal.PREQUENTIAL_ACCURACY)
        .map(Goal::column)
        .toList();
  }

  private static Map<String, Sample> samples(List<String> columns, List<SweepTrial> trials) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    for (String column : columns) {
      double[] values =
          trials.stream()
              .map(trial -> trial.number(column))
              .filter(x -> x != null && !x.isNaN())
              .mapToDouble(Double::doubleValue)
              .toArray();
      samples.put(
          column, ACCURACIES.contains(column) ? Sample.ofShares(values) : sample(column, values));
    }
    return samples;
  }

  private static Sample sample(String column, double[] values) {
    return column.equals("wall_seconds") ? Sample.of(values) : Goal.of(column).sample(values);
  }

  SettingResult ranked(int place, int ofFront) {
    return new SettingResult(
        id, place, ofFront, values, trials, epochs, accuracy, cost, tasks, comparison);
  }

  SettingResult compared(Comparison with) {
    return new SettingResult(id, rank, front, values, trials, epochs, accuracy, cost, tasks, with);
  }

  /** What it reached of a goal, over the trials that are done or wait at a rung. */
  Sample reached(Goal goal) {
    return Stream.of(accuracy, cost, tasks)
        .map(of -> of.get(goal.column()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** By column, the means of what became of tasks; nothing where the stream has none. */
  Map<String, Double> taskMeans() {
    Map<String, Double> means = new LinkedHashMap<>();
    tasks.forEach(
        (column, sample) -> {
          if (sample.mean() != null) {
            means.put(column, sample.mean());
          }
        });
    return means;
  }

  /** What the slow system had seen whose codes its trials read; empty where they read none. */
  String seen() {
    return trials.get(0).text("features_seen");
  }

  /** What its place in the ranking hangs on. */
  RankKey rankKey(List<Goal> goals) {
    List<Double> merits = new ArrayList<>();
    for (Goal goal : goals) {
      Double mean = reached(goal).mean();
      merits.add(mean == null ? null : (Double) goal.merit(mean));
    }
    return new RankKey(waits(), epochs, count(TrialStatus.DIVERGED) > 0, merits, id);
  }

  /** Whether one of its trials waits at a rung of halving. */
  boolean waits() {
    return count(TrialStatus.STOPPED) > 0;
  }

  /** How many trials ended so. */
  int count(TrialStatus status) {
    return (int) trials.stream().filter(trial -> trial.status() == status).count();
  }

  /** How many trials have results that count. */
  int seeds() {
    return (int) trials.stream().filter(SweepTrial::measured).count();
  }

  /** A column's values by seed, of the trials that have one. */
  Map<Long, Double> bySeed(String column) {
    Map<Long, Double> values = new TreeMap<>();
    trials.stream()
        .filter(trial -> trial.measured() && trial.number(column) != null)
        .forEach(trial -> values.put(trial.seed(), trial.number(column)));
    return values;
  }
}
