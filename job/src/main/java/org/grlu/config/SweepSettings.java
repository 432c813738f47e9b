package org.grlu.config;

import java.util.List;
import java.util.stream.Collectors;
import org.grlu.reports.Goal;

/**
 * What a sweep searches, and how.
 *
 * @param name of the folder of its results
 * @param search how settings are chosen
 * @param parameters in their order; the first changes slowest in a grid
 * @param whens where parameters have a meaning, besides what follows from their keys
 * @param seeds that every setting runs with
 * @param goals what settings are ranked by, at least one; the first decides first
 * @param settings how many to draw; not used by a grid
 * @param searchSeed of the draws
 * @param generation how many settings are proposed at a time; used by tpe only
 * @param tpeStartup how many random draws tpe begins with
 * @param stopTarget value of the first goal at which the search ends; 0 for none
 * @param stopPatience generations without a better setting after which it ends; 0 for any number
 * @param halving used by halving only
 * @param budget what it may spend
 * @param keepModels of which trials the weights are kept
 */
public record SweepSettings(
    String name,
    SearchKind search,
    List<Parameter> parameters,
    List<When> whens,
    List<Long> seeds,
    List<Goal> goals,
    int settings,
    long searchSeed,
    int generation,
    int tpeStartup,
    double stopTarget,
    int stopPatience,
    HalvingSettings halving,
    Budget budget,
    KeepModels keepModels) {
  public SweepSettings {
    parameters = List.copyOf(parameters);
    whens = List.copyOf(whens);
    seeds = List.copyOf(seeds);
    goals = List.copyOf(goals);
  }

  /** The columns that settings are ranked by, "validation_accuracy, cpu_seconds". */
  public String rankedBy() {
    return goals.stream().map(Goal::column).collect(Collectors.joining(", "));
  }
}
