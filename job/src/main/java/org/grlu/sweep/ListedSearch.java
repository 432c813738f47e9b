package org.grlu.sweep;

import java.util.Map;
import java.util.function.Function;
import org.grlu.reports.RecordedEnd;

/** All settings in one generation, each to its end: a grid, or random draws. */
final class ListedSearch implements Search {
  private final SweepPlan plan;

  ListedSearch(SweepPlan plan) {
    this.plan = plan;
  }

  @Override
  public SweepPlan plan() {
    return plan;
  }

  @Override
  public Map<PlannedTrial, Integer> ask(Function<String, RecordedEnd> ends) {
    return plan.open(ends);
  }
}
