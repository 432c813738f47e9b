package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochCurveTest {
  private static List<Map<String, Object>> epochs(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            epoch ->
                Map.<String, Object>of(
                    "epoch", epoch, "mean_reward", -1.0 / epoch, "test_accuracy", epoch * 1e-4))
        .toList();
  }

  private static List<Integer> shown(List<String> lines) {
    return lines.stream()
        .filter(line -> line.endsWith("#"))
        .map(line -> Integer.valueOf(line.strip().split(" ", 2)[0]))
        .toList();
  }

  @Test
  void ofALongRunTheFirstTheLastAndSomeBetweenAreShown() {
    List<String> lines = EpochCurve.lines(epochs(500), 20);
    List<Integer> shown = shown(lines);
    assertThat(shown).hasSize(20).doesNotHaveDuplicates().isSorted().startsWith(1).endsWith(500);
    for (int i = 1; i < shown.size(); i++) {
      assertThat(shown.get(i) - shown.get(i - 1)).isBetween(26, 27);
    }
    assertThat(lines).last().isEqualTo("20 of 500 epochs; --all shows every one");
    assertThat(lines).allMatch(line -> line.length() <= 80);
  }

  @Test
  void aShortRunIsShownWhole() {
    for (int count : new int[] {1, 2, 19, 20}) {
      List<String> lines = EpochCurve.lines(epochs(count), 20);
      assertThat(shown(lines)).hasSize(count);
      assertThat(lines).hasSize(count + 2);
    }
    assertThat(shown(EpochCurve.lines(epochs(21), 20))).hasSize(20);
    assertThat(shown(EpochCurve.lines(epochs(500), Integer.MAX_VALUE))).hasSize(500);
    assertThat(EpochCurve.lines(List.of(), 20)).isEmpty();
  }
}
