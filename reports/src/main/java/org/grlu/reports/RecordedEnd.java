package org.grlu.reports;

/**
 * How a trial ended, as a row of its table says, and which of several rows counts: {@code done}
 * over all others, and {@code stopped} under all others. Of two that diverged or failed the later
 * counts, since it was tried again; of two that wait at rungs, that which got further.
 *
 * @param status how
 * @param epochs that were done
 * @param validationAccuracy after the last; null where there is none
 * @param testAccuracy the same
 */
public record RecordedEnd(
    TrialStatus status, int epochs, Double validationAccuracy, Double testAccuracy) {

  /** Whether a row that was written later counts in the place of an earlier one. */
  public boolean replaces(RecordedEnd earlier) {
    int mine = finality();
    int others = earlier.finality();
    boolean further = !is(TrialStatus.STOPPED) || epochs >= earlier.epochs;
    return mine > others || (mine == others && further);
  }

  private int finality() {
    return switch (status) {
      case DONE -> 2;
      case DIVERGED, FAILED -> 1;
      case STOPPED -> 0;
    };
  }

  /** Whether that is its status. */
  public boolean is(TrialStatus other) {
    return status == other;
  }

  /** Whether it does not wait at a rung of halving. */
  public boolean over() {
    return !is(TrialStatus.STOPPED);
  }

  /** Whether its results count: it is done, or waits at a rung. */
  public boolean measured() {
    return is(TrialStatus.DONE) || is(TrialStatus.STOPPED);
  }

  /**
   * The accuracy that settings are ranked by; null where there is none.
   *
   * @param rankBy its column
   */
  public Double accuracy(String rankBy) {
    Double accuracy = rankBy.equals("test_accuracy") ? testAccuracy : validationAccuracy;
    return accuracy == null || accuracy.isNaN() ? null : accuracy;
  }
}
