package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.grlu.config.Choice;
import org.grlu.config.Parameter;
import org.grlu.config.Scale;
import org.grlu.config.Space;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static Parameter interval(double low, double high, Scale scale, boolean whole) {
    return new Parameter("p", new Space.Interval(low, high, scale, whole), "", "");
  }

  private static List<Double> draw(Parameter parameter, int count) {
    Draws draws = new Draws(0);
    return LongStream.range(0, count)
        .mapToObj(n -> ((Number) draws.of(parameter, n).shown()).doubleValue())
        .toList();
  }

  /** A sweep that is taken up next year draws what it drew before. */
  @Test
  void drawsStayAsTheyAre() {
    assertThat(draw(interval(0, 1, Scale.LINEAR, false), 3))
        .containsExactly(0.167942, 0.181311, 0.25248);
    assertThat(draw(interval(0.001, 1, Scale.LOG, false), 3))
        .containsExactly(0.00319025, 0.00349892, 0.00572058);
    assertThat(draw(interval(1, 128, Scale.LOG, true), 3)).containsExactly(2.0, 2.0, 3.0);
  }

  @Property(seed = "1")
  void drawsStayWithinTheirBounds(@ForAll long seed, @ForAll long number) {
    for (Scale scale : List.of(Scale.LINEAR, Scale.LOG)) {
      Object real =
          new Draws(seed).of(interval(0.1234567, 0.12345674, scale, false), number).shown();
      assertThat((double) real).isBetween(0.1234567, 0.12345674);
      Object whole = new Draws(seed).of(interval(3, 5, scale, true), number).shown();
      assertThat((long) whole).isBetween(3L, 5L);
    }
  }

  @Test
  void uniformMeansEachPartIsAsLikely() {
    // 10,000 draws: a half is 5,000 with a deviation of 50
    List<Double> linear = draw(interval(0, 10, Scale.LINEAR, false), 10_000);
    assertThat(linear.stream().filter(x -> x < 5).count()).isBetween(4750L, 5250L);
    List<Double> log = draw(interval(0.01, 100, Scale.LOG, false), 10_000);
    assertThat(log.stream().filter(x -> x < 1).count()).isBetween(4750L, 5250L);
    assertThat(new HashSet<>(linear)).hasSizeGreaterThan(9_900);
    Map<Double, Integer> whole = new HashMap<>();
    draw(interval(1, 4, Scale.LINEAR, true), 10_000).forEach(x -> whole.merge(x, 1, Integer::sum));
    assertThat(whole).hasSize(4);
    assertThat(whole.values()).allMatch(n -> n > 2250 && n < 2750);
  }

  @Test
  void drawnNumbersAreShort() {
    assertThat(draw(interval(0.001, 1, Scale.LOG, false), 200))
        .allMatch(x -> new java.math.BigDecimal(x.toString()).precision() <= 6);
  }

  @Test
  void everyChoiceIsDrawn() {
    Space listed =
        new Space.Listed(
            List.of(
                new Choice("a", Map.of()), new Choice("b", Map.of()), new Choice("c", Map.of())));
    Parameter parameter = new Parameter("p", listed, "", "");
    Set<Object> seen = new HashSet<>();
    for (int n = 0; n < 100; n++) {
      seen.add(new Draws(0).of(parameter, n).shown());
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
  }
}
