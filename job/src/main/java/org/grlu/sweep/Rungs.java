package org.grlu.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grlu.config.HalvingSettings;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Table;
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
   * @param settings of halving; null without
   */
  public Rungs(HalvingSettings settings) {
    halving = settings == null ? null : new Halving(settings);
  }

  /** The rungs' epochs; empty without halving. */
  public List<Integer> epochs() {
    return halving == null ? List.of() : halving.rungs();
  }

  /**
   * Takes what a sweep's tables know of trials: all epochs, and, should those have been deleted,
   * the ones at which trials waited.
   */
  public void read(RunFolder sweep, Set<String> trialIds) throws IOException {
    if (halving != null) {
      read(sweep.table(RunFolder.TRIALS), "epochs_done", trialIds);
      read(sweep.table(RunFolder.EPOCHS), "epoch", trialIds);
    }
  }

  private void read(Table table, String epoch, Set<String> trialIds) throws IOException {
    table.each(
        row -> {
          String id = (String) row.get("trial_id");
          if (trialIds.contains(id)) {
            put(id, (int) row.get(epoch), (Double) row.get("validation_accuracy"));
          }
        },
        "trial_id",
        epoch,
        "validation_accuracy");
  }

  public void ended(PlannedTrial trial, TrialOutcome outcome) {
    for (EpochMetrics metrics : outcome.epochs()) {
      put(trial.trialId(), metrics.epoch(), metrics.validationAccuracy());
    }
  }

  private void put(String trialId, int epoch, Double accuracy) {
    if (epochs().contains(epoch) && accuracy != null) {
      accuracies.computeIfAbsent(trialId, id -> new HashMap<>()).put(epoch, accuracy);
    }
  }

  /**
   * The trials to run now, each with its last epoch; empty when the sweep is complete.
   *
   * @param plan all trials
   * @param state what has become of them
   */
  public Map<PlannedTrial, Integer> next(List<PlannedTrial> plan, SweepState state) {
    Map<PlannedTrial, Integer> next = new LinkedHashMap<>();
    if (halving == null) {
      for (PlannedTrial trial : plan) {
        if (state.status(trial.trialId()) == null
            || state.status(trial.trialId()).equals("stopped")) {
          next.put(trial, trial.settings().trial().training().epochs());
        }
      }
      return next;
    }
    Map<String, List<PlannedTrial>> alive = new LinkedHashMap<>();
    plan.forEach(t -> alive.computeIfAbsent(t.settingId(), id -> new ArrayList<>()).add(t));
    for (int rung : halving.rungs()) {
      alive.values().forEach(trials -> trials.forEach(t -> add(next, t, rung, state)));
      if (!next.isEmpty()) {
        return next;
      }
      alive.keySet().retainAll(promoted(alive, rung));
    }
    return next;
  }

  private static void add(
      Map<PlannedTrial, Integer> next, PlannedTrial trial, int rung, SweepState state) {
    String status = state.status(trial.trialId());
    boolean over = status != null && !status.equals("stopped");
    if (!over && state.epochs(trial.trialId()) < rung) {
      next.put(trial, rung);
    }
  }

  private Set<String> promoted(Map<String, List<PlannedTrial>> alive, int rung) {
    Map<String, List<Double>> results = new LinkedHashMap<>();
    alive.forEach(
        (setting, trials) -> {
          List<Double> seeds = new ArrayList<>();
          for (PlannedTrial trial : trials) {
            seeds.add(accuracies.getOrDefault(trial.trialId(), Map.of()).get(rung));
          }
          results.put(setting, seeds);
        });
    return new LinkedHashSet<>(halving.promoted(results));
  }
}
