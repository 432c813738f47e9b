package org.grlu.config;

import java.util.Locale;

/** How a sweep chooses its settings. */
public enum Search {
  /** Every combination of the listed values. */
  GRID,
  /** Draws, setting n the same whatever ran before. */
  RANDOM,
  /** Draws, of which only the best go on at each rung. */
  HALVING;

  /** As it stands in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
