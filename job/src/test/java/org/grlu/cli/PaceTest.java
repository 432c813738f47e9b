package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();
  private double done;
  private long seconds;

  private void run(int forSeconds, double perSecond) {
    for (int i = 0; i < forSeconds; i++) {
      done += perSecond;
      pace.at(++seconds * 1_000_000_000L, done);
    }
  }

  @Test
  @DisplayName("time left: nothing is said of it while a cold cluster still gets faster")
  void coldAtFirst() {
    pace.at(0, 0);
    run(5, 5);
    assertThat(pace.perSecond()).isNaN();
    run(5, 20);
    assertThat(pace.perSecond()).as("four times faster than before").isNaN();
    run(9, 100);
    assertThat(pace.perSecond()).isCloseTo(100, within(1.0));
    run(3, 90);
    assertThat(pace.perSecond()).isBetween(90.0, 100.0);
  }

  @Test
  void whatStandsStillHasNoPace() {
    pace.at(0, 0);
    run(20, 0);
    assertThat(pace.perSecond()).isNaN();
  }
}
