package org.grlu.sweep;

import org.grlu.config.SweepFile;
import org.grlu.datasets.Dataset;

/**
 * What one call of a sweep is asked for.
 *
 * @param dataset uncut
 * @param failed what to do with trials that failed or diverged before
 * @param command that takes the sweep up
 */
public record SweepRequest(
    SweepFile file, SweepPlan plan, Dataset dataset, Failed failed, String command) {

  /** What to do with trials that failed or diverged before. */
  public enum Failed {
    KEEP,
    RETRY
  }
}
