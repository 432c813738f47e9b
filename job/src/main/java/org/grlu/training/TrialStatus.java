package org.grlu.training;

import java.util.Locale;

/** How a trial ended. */
public enum TrialStatus {
  DONE,
  /** Waits, or stays, at an epoch before its last. */
  STOPPED,
  /** Weights or rewards became NaN or infinite. */
  DIVERGED,
  FAILED;

  /** As it stands in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
