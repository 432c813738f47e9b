package org.grlu.reports;

/**
 * How a trial ended, as a row of its table says, and which of several rows counts: {@code done}
 * over all others, and {@code stopped} under all others. Of two that diverged or failed the later
 * counts, since it was tried again; of two that wait at rungs, that which got further.
 *
 * @param status done, diverged, failed or stopped
 * @param epochs that were done
 */
public record RecordedEnd(String status, int epochs) {
  /** Whether a row that was written later counts in the place of an earlier one. */
  public boolean replaces(RecordedEnd earlier) {
    int mine = finality();
    int others = earlier.finality();
    boolean further = !status.equals("stopped") || epochs >= earlier.epochs;
    return mine > others || (mine == others && further);
  }

  private int finality() {
    return switch (status) {
      case "done" -> 2;
      case "diverged", "failed" -> 1;
      default -> 0;
    };
  }
}
