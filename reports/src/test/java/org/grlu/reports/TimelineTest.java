package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.grlu.reports.Timeline.Cut;
import org.grlu.reports.Timeline.Span;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static Span span(String host, double from, double to) {
    return new Span(host, TrialStatus.DONE, host, from, to);
  }

  private static List<Integer> lanes(Timeline timeline) {
    return IntStream.range(0, timeline.spans().size()).mapToObj(timeline::lane).toList();
  }

  /** Two slots: one has a straggler of 6 seconds, the other stands idle for two. */
  @Test
  void aTrialIsInTheLowestLaneThatIsFree() {
    Timeline two =
        new Timeline(
            List.of(
                span("a", 104, 108),
                span("a", 100, 102),
                span("a", 100, 106),
                span("a", 102, 104)));
    assertThat(lanes(two)).containsExactly(0, 1, 0, 0);
    assertThat(two.lanes()).isEqualTo(2);
    assertThat(two.seconds()).isEqualTo(8);
    assertThat(two.busySeconds()).isEqualTo(14);
    assertThat(two.busyShare()).isEqualTo(14.0 / 16);
    assertThat(two.spans().get(0).from()).isZero();
    assertThat(two.cuts()).isEmpty();
    assertThat(two.running(TrialStatus.DONE, 4)).containsExactly(2, 2, 2, 1);
    assertThat(two.running(TrialStatus.DONE, 1)[0]).isCloseTo(14.0 / 8, within(1e-12));
    assertThat(two.running(TrialStatus.FAILED, 4)).containsOnly(0);
  }

  @Test
  void aHostKeepsItsLanesWhereItCan() {
    Timeline hosts =
        new Timeline(
            List.of(
                span("a", 0, 2),
                span("b", 0, 2),
                span("b", 2, 4),
                span("a", 2.5, 4),
                span("c", 4, 5)));
    assertThat(lanes(hosts)).containsExactly(0, 1, 1, 0, 0);
  }

  @Test
  void anEndThatIsToldLateTakesNoLaneMore() {
    Timeline one =
        new Timeline(
            List.of(span("a", 0, 4.2), span("a", 4, 8.5), span("a", 8, 8.4), span("a", 8.3, 12)));
    // half of 0.4 s is less than half a second
    assertThat(lanes(one)).containsExactly(0, 0, 1, 0);
    assertThat(one.spans().stream().map(Span::to)).containsExactly(4.0, 8.3, 8.4, 12.0);
    assertThat(one.busySeconds()).isCloseTo(4 + 4.3 + 0.4 + 3.7, within(1e-9));
    Timeline slot = new Timeline(List.of(span("a", 0, 4.2), span("a", 4, 8.3), span("a", 8, 12)));
    assertThat(slot.lanes()).isEqualTo(1);
    assertThat(slot.busyShare()).isEqualTo(1);
  }

  @Test
  void aLongTimeInWhichNothingRanIsCutOut() {
    // 31 seconds are more than 3 times 10, 29 are not
    Timeline stopped =
        new Timeline(
            List.of(span("a", 0, 10), span("a", 39, 49), span("a", 80, 90), span("b", 81, 85)));
    assertThat(stopped.cuts()).containsExactly(new Cut(49, 31));
    assertThat(stopped.spans().stream().map(Span::from)).containsExactly(0.0, 39.0, 49.0, 50.0);
    assertThat(stopped.seconds()).isEqualTo(59);
    assertThat(stopped.busyShare()).isCloseTo(34.0 / (2 * 59), within(1e-12));
    // of short trials ten seconds
    Timeline shorter =
        new Timeline(List.of(span("a", 0, 0.1), span("a", 10, 10.1), span("a", 20.2, 20.3)));
    assertThat(shorter.cuts()).hasSize(1);
    assertThat(shorter.cuts().get(0).at()).isCloseTo(10.1, within(1e-12));
  }

  @Test
  void aTrialThatTookNoTimeIsOne() {
    Timeline none = new Timeline(List.of(span("a", 5, 5), span("a", 5, 5)));
    assertThat(none.lanes()).isEqualTo(1);
    assertThat(none.seconds()).isZero();
    assertThat(none.busyShare()).isEqualTo(1);
  }

  @Test
  void timesAreSaidInTheUnitThatSuitsThem() {
    List<String> words = new ArrayList<>();
    for (double seconds : new double[] {0.04, 1, 90, 120, 3600, 7200, 86_400, 200_000}) {
      words.add(SlotChart.words(seconds));
    }
    assertThat(words)
        .containsExactly("0.04 s", "1 s", "90 s", "2 min", "60 min", "2 h", "24 h", "2.31 d");
  }
}
