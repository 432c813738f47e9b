package org.grlu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys {@code stream.ewc} and {@code stream.metaplasticity}. */
class ConsolidationKeysTest {
  private static final String TASKS = "stream.kind=class-incremental";

  private static String id(String... sets) {
    String[] all =
        Stream.concat(Stream.of(TASKS, "rule.name=backprop"), Stream.of(sets))
            .toArray(String[]::new);
    return Configurations.sets(all).identity("d").json();
  }

  @Test
  void theyIdentifyATrialThatHasThem() {
    assertThat(id("stream.ewc=0", "stream.metaplasticity=0")).isEqualTo(id());
    assertThat(id()).doesNotContain("ewc").doesNotContain("metaplasticity");
    assertThat(id("stream.ewc=100")).contains("\"stream.ewc\":100");
    assertThat(id("stream.metaplasticity=2")).contains("\"stream.metaplasticity\":2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stream.ewc=-1 | stream.ewc = -1 (--set): must be a number, at least 0",
        "stream.ewc=9 stream.kind=iid rule.name=backprop | stream.ewc = 9.0 (--set): must be 0 with stream.kind = iid, where there are no tasks to forget",
        "stream.metaplasticity=9 stream.kind=few-shot | stream.metaplasticity = 9.0 (--set): must be 0 with stream.kind = few-shot, where there are no tasks to forget",
        "stream.ewc=9 | rule.normalise-noise = false (default): must be true with stream.ewc = 9.0",
        "stream.ewc=9 rule.name=backprop training.optimiser=adam | training.optimiser = adam (--set): must be sgd with stream.ewc = 9.0",
        "stream.metaplasticity=9 rule.name=evolution | rule.name = evolution (--set): must be one of grlu, backprop, learned-feedback, direct-feedback, feedback-alignment, sign-symmetry with stream.metaplasticity = 9.0",
        "stream.ewc=9 stream.metaplasticity=9 rule.name=backprop | stream.metaplasticity = 9.0 (--set): must be 0 with stream.ewc = 9.0",
      })
  void whatTheyDoNotFitIsSaid(String sets, String fault) {
    String[] all =
        Stream.concat(Stream.of(TASKS), Stream.of(sets.split(" ", -1))).toArray(String[]::new);
    assertThat(Configurations.faults(all)).containsExactly(fault);
  }

  @Test
  void aDefaultOfMeaninglessNoiseIsNoFault() {
    String[] measured = {
      TASKS,
      "stream.ewc=9",
      "rule.eligibility=measured",
      "rule.gate=active",
      "rule.output-signal=error",
      "training.noise-scale.min=0.1"
    };
    assertThat(Configurations.sets(measured).conflicts()).isEmpty();
  }
}
