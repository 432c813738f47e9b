package org.grlu.sweep;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.grlu.config.Budget;
import org.grlu.reports.TrialStatus;

/**
 * What a sweep has spent since it was started or taken up, held against its budget. What earlier
 * runs of the same sweep spent does not count, so that it can be taken up with the budget as it is.
 */
public final class Limits {
  private final Budget budget;
  private final Supplier<Optional<Stop>> other;
  private final long start = System.nanoTime();
  private final Set<String> started = new HashSet<>();
  private double seconds;
  private double cpuSeconds;
  private long failures;

  /**
   * @param other another reason to stop, asked for first
   */
  public Limits(Budget budget, Supplier<Optional<Stop>> other) {
    this.budget = budget;
    this.other = other;
  }

  public void started(String trialId) {
    started.add(trialId);
  }

  /** A trial took its time, and is to run once more. */
  public void spent(TrialEnd end) {
    seconds += end.seconds();
    cpuSeconds += end.cpuSeconds();
  }

  public void ended(TrialEnd end) {
    spent(end);
    TrialStatus status = end.outcome().status();
    failures += status == TrialStatus.FAILED || status == TrialStatus.DIVERGED ? 1 : 0;
  }

  /** How many more trials may be started. */
  public long left() {
    return budget.trials() == 0 ? Long.MAX_VALUE : budget.trials() - started.size();
  }

  /** Whether a trial may be started: a new one, or once more one that counts already. */
  public boolean mayStart(String trialId) {
    return left() > 0 || started.contains(trialId);
  }

  public Stop noneMayStart() {
    return new Stop(Stop.Kind.BUDGET, "budget.trials = %d is spent".formatted(budget.trials()));
  }

  /**
   * Whether it is time to stop.
   *
   * @param running seconds that running trials have taken so far, by the clock; what they had of
   *     the processors is taken to be what those had that are over
   */
  public Optional<Stop> stop(double running) {
    Optional<Stop> first = other.get();
    if (first.isPresent()) {
      return first;
    }
    double wallMinutes = (System.nanoTime() - start) * 1e-9 / 60;
    double share = seconds == 0 ? 1 : cpuSeconds / seconds;
    double coreMinutes = (cpuSeconds + running * share) / 60;
    if (budget.wallMinutes() > 0 && wallMinutes >= budget.wallMinutes()) {
      return spent("wall-minutes", budget.wallMinutes());
    }
    if (budget.coreMinutes() > 0 && coreMinutes >= budget.coreMinutes()) {
      return spent("core-minutes", budget.coreMinutes());
    }
    return budget.failures() > 0 && failures > budget.failures()
        ? Optional.of(
            new Stop(
                Stop.Kind.BUDGET,
                "%d trials failed or diverged; budget.failures = %d"
                    .formatted(failures, budget.failures())))
        : Optional.empty();
  }

  private static Optional<Stop> spent(String key, double value) {
    return Optional.of(new Stop(Stop.Kind.BUDGET, "budget.%s = %s is spent".formatted(key, value)));
  }
}
