package org.grlu.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.grlu.config.HalvingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingTest {
  private static final Halving THIRDS = new Halving(new HalvingSettings(List.of(1, 3, 9), 3, 2));

  /** Settings by id, of two seeds each; few values, so that there are ties. */
  @Provide
  Arbitrary<Map<String, List<Double>>> results() {
    Arbitrary<Double> accuracy = Arbitraries.of(0.1, 0.5, 0.9, Double.NaN).injectNull(0.2);
    Arbitrary<String> id = Arbitraries.strings().withCharRange('a', 'f').ofLength(3);
    return Arbitraries.maps(id, accuracy.list().ofSize(2)).ofMinSize(1).ofMaxSize(40);
  }

  private static double mean(List<Double> seeds) {
    return seeds.stream().mapToDouble(a -> a == null || a.isNaN() ? 0 : a).sum() / seeds.size();
  }

  private static boolean dead(List<Double> seeds) {
    return seeds.stream().allMatch(a -> a == null || a.isNaN());
  }

  @Property(seed = "1")
  void noneThatStaysIsBetterThanOneThatGoesOn(
      @ForAll("results") Map<String, List<Double>> results) {
    List<String> promoted = THIRDS.promoted(results);
    assertThat(promoted)
        .doesNotHaveDuplicates()
        .hasSizeLessThanOrEqualTo(Math.max(1, results.size() / 3));
    for (String id : promoted) {
      assertThat(dead(results.get(id))).isFalse();
      results.forEach(
          (other, seeds) -> {
            if (!promoted.contains(other) && !dead(seeds)) {
              boolean ahead = mean(seeds) < mean(results.get(id));
              boolean tie = mean(seeds) == mean(results.get(id));
              assertThat(ahead || (tie && other.compareTo(id) > 0)).isTrue();
            }
          });
    }
  }

  @Property(seed = "2")
  void asManyGoOnAsMay(@ForAll("results") Map<String, List<Double>> results) {
    long alive = results.values().stream().filter(seeds -> !dead(seeds)).count();
    assertThat(THIRDS.promoted(results))
        .hasSize((int) Math.min(alive, Math.max(1, results.size() / 3)));
  }

  @Property(seed = "3")
  void theOrderInWhichResultsCameDoesNotMatter(
      @ForAll("results") Map<String, List<Double>> results, @ForAll long shuffle) {
    List<String> ids = new ArrayList<>(results.keySet());
    Collections.shuffle(ids, new Random(shuffle));
    Map<String, List<Double>> other = new LinkedHashMap<>();
    ids.forEach(id -> other.put(id, results.get(id)));
    assertThat(THIRDS.promoted(other)).isEqualTo(THIRDS.promoted(results));
  }

  @Test
  void aSeedThatDivergedCountsAsTheWorst() {
    Map<String, List<Double>> results = new HashMap<>();
    results.put("a", Arrays.asList(0.99, null));
    results.put("b", List.of(0.5, 0.5));
    results.put("c", Arrays.asList(null, null));
    assertThat(THIRDS.promoted(results)).containsExactly("b");
    results.remove("b");
    assertThat(THIRDS.promoted(results)).containsExactly("a");
    results.remove("a");
    assertThat(THIRDS.promoted(results)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "5, 1", "6, 2", "27, 9", "0, 0"})
  void oneInFactorGoesOnAndAtLeastOne(int count, int promoted) {
    assertThat(THIRDS.promoted(count)).isEqualTo(promoted);
  }

  @Test
  void theMostThatItCanCostIsThatOfTheDearest() {
    // all of 9, 1 and 2 for an epoch, then the dearest for the rest
    assertThat(THIRDS.mostCost(List.of(9.0, 18.0, 90.0), 2)).isEqualTo(1 + 2 + 90, within(1e-9));
    assertThat(new Halving(new HalvingSettings(List.of(10), 3, 2)).mostCost(List.of(1.0, 2.0), 2))
        .isEqualTo(3, within(1e-9));
    assertThat(THIRDS.mostCost(List.of(), 2)).isZero();
    // with one seed of two before the last rung: an epoch of three, two of one, the rest of it
    assertThat(
            new Halving(new HalvingSettings(List.of(1, 3, 9), 3, 1))
                .mostCost(List.of(18.0, 18.0, 18.0), 2))
        .isEqualTo(3 + 2 + 6 + 9, within(1e-9));
  }

  @Property(seed = "4")
  void itNeverCostsMoreThanWithoutHalving(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 100) Double> costs,
      @ForAll @IntRange(min = 2, max = 5) int factor) {
    double whole = costs.stream().mapToDouble(x -> x).sum();
    double most = new Halving(new HalvingSettings(List.of(1, 2, 8), factor, 2)).mostCost(costs, 2);
    assertThat(most).isBetween(whole / 8 - 1e-9, whole + 1e-9);
  }
}
