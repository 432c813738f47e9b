package org.grlu.config;

import java.util.Locale;

/** How a sweep chooses its settings. */
public enum SearchKind {
  /** Every combination of the listed values. */
  GRID,
  /** Draws, setting n the same whatever ran before. */
  RANDOM,
  /** Draws, of which only the best go on at each rung. */
  HALVING,
  /** A generation of draws, then generations that learn from the results of all before them. */
  TPE;

  /** As it stands in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
