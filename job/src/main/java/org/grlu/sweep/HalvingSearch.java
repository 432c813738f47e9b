package org.grlu.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.grlu.config.HalvingSettings;
import org.grlu.reports.RecordedEnd;

/** Random draws, of which the best by {@link Halving} go on at each rung. */
final class HalvingSearch implements Search {
  private final SweepPlan plan;
  private final Halving halving;

  /** By trial and rung's epoch: validation accuracy. */
  private final Map<String, Map<Integer, Double>> accuracies = new HashMap<>();

  HalvingSearch(SweepPlan plan, HalvingSettings settings) {
    this.plan = plan;
    this.halving = new Halving(settings);
  }

  @Override
  public SweepPlan plan() {
    return plan;
  }

  @Override
  public List<Integer> rungs() {
    return halving.rungs();
  }

  @Override
  public void tell(String trialId, int epoch, Double accuracy) {
    if (rungs().contains(epoch) && accuracy != null) {
      accuracies.computeIfAbsent(trialId, id -> new HashMap<>()).put(epoch, accuracy);
    }
  }

  @Override
  public Map<PlannedTrial, Integer> ask(Function<String, RecordedEnd> ends) {
    Map<PlannedTrial, Integer> next = new LinkedHashMap<>();
    Map<String, List<PlannedTrial>> alive = new LinkedHashMap<>();
    plan.trials()
        .forEach(t -> alive.computeIfAbsent(t.settingId(), id -> new ArrayList<>()).add(t));
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
