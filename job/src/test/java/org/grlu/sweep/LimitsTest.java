package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.grlu.config.Budget;
import org.grlu.training.Cost;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static TrialEnd end(double seconds, double cpuSeconds) {
    TrialOutcome outcome = TrialOutcome.failed("made up", List.of(), Cost.NONE);
    return new TrialEnd("a", outcome, false, seconds, cpuSeconds);
  }

  @Test
  void coreMinutesAreOfCpuAndNotOfTheClock() {
    Limits limits = new Limits(new Budget(0, 0, 1, 0, 0, 2), Optional::empty);
    limits.ended(end(120, 30));
    assertThat(limits.stop(0)).isEmpty();
    // what runs has a quarter of a core, as what is over had
    assertThat(limits.stop(100)).isEmpty();
    assertThat(limits.stop(121))
        .contains(new Stop(Stop.Kind.BUDGET, "budget.core-minutes = 1.0 is spent"));
  }

  @Test
  void beforeAnyEndWhatRunsCountsWhole() {
    Limits limits = new Limits(new Budget(0, 0, 1, 0, 0, 2), Optional::empty);
    assertThat(limits.stop(59)).isEmpty();
    assertThat(limits.stop(61)).isPresent();
  }
}
