package org.grlu.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.grlu.TestData;
import org.grlu.network.PixelScale;
import org.grlu.network.Skip;
import org.grlu.rule.Backprop;
import org.grlu.rule.StepSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  @ParameterizedTest
  @CsvSource({"0,0.5", "0.25,0.441421356", "0.5,0.3", "0.75,0.158578644", "1,0.1"})
  void cosineFallsFromMaxToMin(double t, double value) {
    assertThat(new Cosine(0.5, 0.1).at(t)).isCloseTo(value, within(1e-9));
  }

  @Test
  void aLineFallsFromMaxToMinAndAConstantStays() {
    for (double t : new double[] {0, 0.25, 0.5, 1}) {
      assertThat(new Linear(0.5, 0.1).at(t)).isCloseTo(0.5 - 0.4 * t, within(1e-15));
      assertThat(new Linear(0.3, 0.3).at(t)).isEqualTo(0.3);
    }
  }

  @Test
  void perEpochIsConstantWithinAnEpoch() {
    TrialSettings settings = settings(Schedule.PER_EPOCH);
    assertThat(settings.step(1, 0, 10)).isEqualTo(new StepSettings(10, rate(0.25), rate(0.25) / 2));
    assertThat(settings.step(1, 9, 10)).isEqualTo(new StepSettings(19, rate(0.25), rate(0.25) / 2));
  }

  @Test
  void perStepIsSmooth() {
    TrialSettings settings = settings(Schedule.PER_STEP);
    assertThat(settings.step(0, 0, 10).learningRate()).isEqualTo(rate(0));
    assertThat(settings.step(1, 5, 10))
        .isEqualTo(new StepSettings(15, rate(0.375), rate(0.375) / 2));
  }

  @Test
  void aPartialBatchIsLeftOut() {
    assertThat(settings(Schedule.PER_STEP).stepsPerEpoch(103)).isEqualTo(10);
  }

  private static double rate(double t) {
    return new Cosine(0.5, 0).at(t);
  }

  private static TrialSettings settings(Schedule schedule) {
    return new TrialSettings(
        TestData.relu(Skip.NONE, 784, 10),
        PixelScale.MNIST,
        new Backprop(),
        new TrainingSettings(4, 10, new Cosine(0.5, 0), new Cosine(0.25, 0), schedule, 1));
  }
}
