package org.grlu.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.grlu.config.ConfigException;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;
import org.grlu.reports.RecordedEnd;

/** The trials of a sweep so far, no two of them the same. */
public final class SweepPlan {
  private final List<PlannedTrial> trials;
  private final List<SearchedKey> searched;
  private final int settings;
  private final int duplicates;

  SweepPlan(List<PlannedTrial> trials, List<SearchedKey> searched, int settings, int duplicates) {
    this.trials = List.copyOf(trials);
    this.searched = searched;
    this.settings = settings;
    this.duplicates = duplicates;
  }

  /**
   * All that a sweep's search has before any result.
   *
   * @param dataset uncut
   * @throws ConfigException with a line for each fault that some setting has
   */
  public static SweepPlan of(SweepFile file, Dataset dataset) {
    return Search.of(file, dataset).plan();
  }

  /** A setting's trials, one for each seed, follow each other. */
  public List<PlannedTrial> trials() {
    return trials;
  }

  /** Those that are not over, each with its last epoch. */
  Map<PlannedTrial, Integer> open(Function<String, RecordedEnd> ends) {
    Map<PlannedTrial, Integer> open = new LinkedHashMap<>();
    for (PlannedTrial trial : trials) {
      RecordedEnd end = ends.apply(trial.trialId());
      if (end == null || !end.over()) {
        open.put(trial, trial.epochs());
      }
    }
    return open;
  }

  /** How many settings there are, each with as many trials as there are seeds. */
  public int settings() {
    return settings;
  }

  /** How many settings were left out because they were the same as one before. */
  public int duplicates() {
    return duplicates;
  }

  /** The configuration keys that differ between trials, seeds apart. */
  public List<SearchedKey> searched() {
    return searched;
  }
}
