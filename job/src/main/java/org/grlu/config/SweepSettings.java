package org.grlu.config;

import java.util.List;
import java.util.stream.Collectors;
import org.grlu.reports.Goal;

/**
 * What a sweep searches, and how.
 *
 * @param name the name of the folder of results
 * @param search how settings are chosen
 * @param parameters the parameters in their order; in a grid the first changes slowest
 * @param whens the conditions of parameters, besides those that follow from their keys
 * @param seeds the seeds that every setting runs with
 * @param goals what settings are ranked by, at least one; the first goal decides first
 * @param settings the number of settings to draw; a grid does not use it
 * @param searchSeed the seed of the draws
 * @param generation the number of settings proposed at a time; only tpe uses it
 * @param tpeStartup the number of random draws that tpe begins with
 * @param stopTarget the value of the first goal at which the search ends; 0 for none
 * @param stopPatience the number of generations without a better setting after which the search
 *     ends; 0 for any number
 * @param halving the rungs; only halving uses them
 * @param budget the limits of the sweep
 * @param keepModels the trials whose weights are kept
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

  /** Returns the columns that settings are ranked by, as in "validation_accuracy, cpu_seconds". */
  public String rankedBy() {
    return goals.stream().map(Goal::column).collect(Collectors.joining(", "));
  }
}
