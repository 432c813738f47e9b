package org.grlu.spark;

/**
 * Why a sweep ends before all its trials are over.
 *
 * @param kind who wants it
 * @param reason one line
 */
record Stop(Kind kind, String reason) {

  /** Who ends a sweep. */
  enum Kind {
    /** A budget was spent. */
    BUDGET,
    /** The process is told to end. */
    INTERRUPT,
    /** Something can't be written, or another driver has taken over. */
    SURROUNDINGS
  }

  /** Whether running trials get no time to end by themselves. */
  boolean atOnce() {
    return kind != Kind.BUDGET;
  }
}
