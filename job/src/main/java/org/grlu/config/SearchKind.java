package org.grlu.config;

import java.util.Locale;

/** How a sweep chooses its settings. */
public enum SearchKind {
  /** Every combination of the listed values. */
  GRID,
  /** Random draws. Setting n does not depend on what ran before. */
  RANDOM,
  /** Random draws, of which only the best go on at each rung. */
  HALVING,
  /**
   * A generation of random draws. Each later generation learns from the results of all before it
   * (the tree-structured Parzen estimator).
   */
  TPE;

  /** Returns the search's word in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
