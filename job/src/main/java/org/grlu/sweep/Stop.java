package org.grlu.sweep;

/**
 * Why a sweep ends before all its trials are over.
 *
 * @param kind who wants it
 * @param reason one line
 */
public record Stop(Kind kind, String reason) {

  /** Who ends a sweep. */
  public enum Kind {
    /** A budget was spent. */
    BUDGET,
    /** The process is told to end. */
    INTERRUPT,
    /** Something can't be written, or another driver has taken over. */
    SURROUNDINGS
  }

  /** Whether running trials get no time to end by themselves. */
  public boolean atOnce() {
    return kind != Kind.BUDGET;
  }
}
