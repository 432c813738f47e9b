package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Worked matrices. */
class RetentionTest {
  private static final List<List<Double>> ROWS =
      List.of(List.of(0.9, 0.1, 0.0), List.of(0.95, 0.8, 0.2), List.of(0.5, 0.7, 1.0));

  @Test
  void allIsOfTheTasksSoFar() {
    Retention end = Retention.of(ROWS);
    assertThat(end.accuracy()).isCloseTo((0.5 + 0.7 + 1.0) / 3, within(1e-12));
    assertThat(end.backward()).isCloseTo(((0.5 - 0.9) + (0.7 - 0.8)) / 2, within(1e-12));
    assertThat(end.forgetting()).isCloseTo(((0.95 - 0.5) + (0.8 - 0.7)) / 2, within(1e-12));
    assertThat(end.learning()).isCloseTo((0.9 + 0.8 + 1.0) / 3, within(1e-12));
    Retention second = Retention.of(ROWS.subList(0, 2));
    assertThat(second.accuracy()).isCloseTo((0.95 + 0.8) / 2, within(1e-12));
    assertThat(second.forgetting()).isCloseTo(-0.05, within(1e-12));
  }

  @Test
  void aFirstTaskHasNothingToForget() {
    Retention first = Retention.of(ROWS.subList(0, 1));
    assertThat(first.accuracy()).isEqualTo(0.9);
    assertThat(first.learning()).isEqualTo(0.9);
    assertThat(first.backward()).isNaN();
    assertThat(first.forgetting()).isNaN();
  }
}
