package org.grlu.run;

import java.util.Map;
import org.grlu.sweep.SweepProgress;

/**
 * How a call of a sweep ended.
 *
 * @param end whether trials are left, and why
 * @param reason one line, where some are left
 * @param progress how the sweep stands
 * @param summary what {@code --json} prints
 */
public record SweepResult(
    End end, String reason, SweepProgress progress, Map<String, Object> summary) {

  /** Why a sweep is over, for now or for good. */
  public enum End {
    /** All trials are over. */
    DONE,
    BUDGET,
    INTERRUPTED
  }
}
