package org.grlu.sweep;

import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;

/**
 * What one call of a sweep is asked for.
 *
 * @param search with its first generation
 * @param dataset uncut
 * @param failed what to do with trials that failed or diverged before
 * @param command that takes the sweep up
 */
public record SweepRequest(
    SweepFile file, Search search, Dataset dataset, Failed failed, String command) {

  /** The trials so far. */
  public SweepPlan plan() {
    return search.plan();
  }

  /** How many trials there will be, at most. */
  public long planned() {
    return plan().trials().size() + (long) search.toCome() * file.sweep().seeds().size();
  }

  /** What to do with trials that failed or diverged before. */
  public enum Failed {
    KEEP,
    RETRY
  }
}
