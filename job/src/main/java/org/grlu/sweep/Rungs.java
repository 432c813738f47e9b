package org.grlu.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.grlu.config.Search;
import org.grlu.config.SweepSettings;
import org.grlu.reports.RecordedEnd;
import org.grlu.training.EpochMetrics;

/**
 * Which trials run next, and until which epoch: from results alone, so that a sweep that is taken
 * up decides as one that was never stopped. Without halving, all that are not over, to their end.
 */
public final class Rungs {
  private final Halving halving;

  /** By trial and rung's epoch: validation accuracy. */
  private final Map<String, Map<Integer, Double>> accuracies = new HashMap<>();

  /**
   * @param sweep by halving or not
   */
  public Rungs(SweepSettings sweep) {
    halving = sweep.search() == Search.HALVING ? new Halving(sweep.halving()) : null;
  }

  /** The rungs' epochs; empty without halving. */
  public List<Integer> epochs() {
    return halving == null ? List.of() : halving.rungs();
  }

  public void ended(PlannedTrial trial, TrialOutcome outcome) {
    for (EpochMetrics metrics : outcome.epochs()) {
      put(trial.trialId(), metrics.epoch(), metrics.validationAccuracy());
    }
  }

  /** Takes what a table says; it counts where the epoch is a rung's. */
  public void put(String trialId, int epoch, Double accuracy) {
    if (epochs().contains(epoch) && accuracy != null) {
      accuracies.computeIfAbsent(trialId, id -> new HashMap<>()).put(epoch, accuracy);
    }
  }

  /**
   * The trials to run now, each with its last epoch; empty when the sweep is complete.
   *
   * @param plan all trials
   * @param ends how a trial ended, by id; null where it has no end
   */
  public Map<PlannedTrial, Integer> next(
      List<PlannedTrial> plan, Function<String, RecordedEnd> ends) {
    Map<PlannedTrial, Integer> next = new LinkedHashMap<>();
    if (halving == null) {
      for (PlannedTrial trial : plan) {
        RecordedEnd end = ends.apply(trial.trialId());
        if (end == null || !end.over()) {
          next.put(trial, trial.epochs());
        }
      }
      return next;
    }
    Map<String, List<PlannedTrial>> alive = new LinkedHashMap<>();
    plan.forEach(t -> alive.computeIfAbsent(t.settingId(), id -> new ArrayList<>()).add(t));
    for (int rung : halving.rungs()) {
      alive
          .values()
          .forEach(
              trials ->
                  early(trials, rung).forEach(t -> add(next, t, rung, ends.apply(t.trialId()))));
      if (!next.isEmpty()) {
        return next;
      }
      alive.keySet().retainAll(promoted(alive, rung));
    }
    return next;
  }

  /** The trials of a setting that run up to that rung. */
  private List<PlannedTrial> early(List<PlannedTrial> trials, int rung) {
    return trials.subList(0, halving.seeds(rung, trials.size()));
  }

  private static void add(
      Map<PlannedTrial, Integer> next, PlannedTrial trial, int rung, RecordedEnd end) {
    if (end == null || (!end.over() && end.epochs() < rung)) {
      next.put(trial, rung);
    }
  }

  private Set<String> promoted(Map<String, List<PlannedTrial>> alive, int rung) {
    Map<String, List<Double>> results = new LinkedHashMap<>();
    alive.forEach(
        (setting, trials) -> {
          List<Double> seeds = new ArrayList<>();
          for (PlannedTrial trial : early(trials, rung)) {
            seeds.add(accuracies.getOrDefault(trial.trialId(), Map.of()).get(rung));
          }
          results.put(setting, seeds);
        });
    return new LinkedHashSet<>(halving.promoted(results));
  }
}
