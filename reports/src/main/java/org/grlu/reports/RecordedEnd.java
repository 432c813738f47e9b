package org.grlu.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How a trial ended, as a row of its table says, and which of several rows counts: {@code done}
 * over all others, and {@code stopped} under all others. Of two that diverged or failed the later
 * counts, since it was tried again; of two that wait at rungs, that which got further.
 *
 * @param status how
 * @param epochs that were done
 * @param reached of each goal that settings are ranked by, after the last epoch; null where it is
 *     not known
 */
public record RecordedEnd(TrialStatus status, int epochs, List<Double> reached) {

  /** As a row of the table of trials has it. */
  public static RecordedEnd of(Map<String, Object> row, List<Goal> goals) {
    return new RecordedEnd(
        TrialStatus.of(row.get("status")), (int) row.get("epochs_done"), reached(goals, row::get));
  }

  /**
   * The values of goals, null where there is none or it is no number.
   *
   * @param column gives a column's value
   */
  public static List<Double> reached(List<Goal> goals, Function<String, Object> column) {
    List<Double> reached = new ArrayList<>();
    for (Goal goal : goals) {
      boolean known =
          column.apply(goal.column()) instanceof Number x && !Double.isNaN(x.doubleValue());
      reached.add(known ? (Double) ((Number) column.apply(goal.column())).doubleValue() : null);
    }
    return Collections.unmodifiableList(reached);
  }

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
}
