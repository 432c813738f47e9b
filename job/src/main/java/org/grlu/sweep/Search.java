package org.grlu.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.grlu.config.ConfigException;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.reports.RecordedEnd;

/**
 * What a sweep tries, by generations: it is told how trials ended, and asked which are next. What
 * it answers follows from finished results alone, whatever the order they came in and whatever ran
 * beside them, so that a sweep that is taken up or extended decides as one that was never stopped,
 * on any cluster.
 */
public interface Search {
  /**
   * The search that a sweep asks for, with its first generation.
   *
   * @param dataset uncut
   * @throws ConfigException with a line for each fault that some setting has
   */
  static Search of(SweepFile file, Dataset dataset) {
    Planner planner = new Planner(file, dataset);
    return switch (file.sweep().search()) {
      case GRID -> new ListedSearch(planner.grid());
      case RANDOM -> new ListedSearch(planner.random());
      case HALVING -> new HalvingSearch(planner.random(), file.sweep().halving());
      case TPE -> new TpeSearch(planner, file.sweep());
    };
  }

  /** All trials so far: each generation's follow those of the one before. */
  SweepPlan plan();

  /**
   * The trials to run now, each with its last epoch; empty when the sweep is complete. Where a
   * generation is over, the next one's are added to the plan.
   *
   * @param ends how a trial ended, by id; null where it has no end
   */
  Map<PlannedTrial, Integer> ask(Function<String, RecordedEnd> ends);

  /** How many more settings the plan will have, at most. */
  default int toCome() {
    return 0;
  }

  /** Why it ends before all settings that were asked for, in a line; empty where it does not. */
  default Optional<String> ended() {
    return Optional.empty();
  }

  /**
   * Epochs at which trials wait, ascending; the last is the end of training. Empty where none do.
   */
  default List<Integer> rungs() {
    return List.of();
  }

  /** Takes a trial's validation accuracy after an epoch; it counts where the epoch is a rung's. */
  default void tell(String trialId, int epoch, Double accuracy) {}
}
