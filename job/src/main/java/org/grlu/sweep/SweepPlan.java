package org.grlu.sweep;

import java.util.List;
import org.grlu.config.ConfigException;
import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;

/** All trials of a sweep, no two of them the same. */
public final class SweepPlan {
  private final List<PlannedTrial> trials;
  private final List<SearchedKey> searched;
  private final int settings;
  private final int duplicates;

  private SweepPlan(
      List<PlannedTrial> trials, List<SearchedKey> searched, int settings, int duplicates) {
    this.trials = trials;
    this.searched = searched;
    this.settings = settings;
    this.duplicates = duplicates;
  }

  /**
   * Plans a sweep.
   *
   * @param dataset uncut
   * @throws ConfigException with a line for each fault that some setting has
   */
  public static SweepPlan of(SweepFile file, Dataset dataset) {
    return new Planner(file, dataset).plan();
  }

  static SweepPlan of(
      List<PlannedTrial> trials, List<SearchedKey> searched, int settings, int duplicates) {
    return new SweepPlan(trials, searched, settings, duplicates);
  }

  /** A setting's trials, one for each seed, follow each other. */
  public List<PlannedTrial> trials() {
    return trials;
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
