package org.grlu.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PermutationTest {

  @Property(seed = "1", tries = 200)
  void isAPermutation(@ForAll long key, @ForAll @IntRange(max = 3000) int n) {
    int[] sorted = Permutation.of(key, n);
    Arrays.sort(sorted);
    assertThat(sorted).containsExactly(IntStream.range(0, n).toArray());
  }

  /** Chi-square with 23 degrees of freedom: the odds of more than 70 are 1e-6. */
  @Test
  void allOrdersOfFourAreEquallyLikely() {
    int draws = 240_000;
    int[] counts = new int[256];
    for (int i = 0; i < draws; i++) {
      int[] order = Permutation.of(StreamKey.child(StreamKey.of(1, StreamKey.Purpose.ORDER), i), 4);
      counts[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    double due = draws / 24.0;
    double chiSquare =
        Arrays.stream(counts)
            .filter(c -> c > 0)
            .mapToDouble(c -> (c - due) * (c - due) / due)
            .sum();
    assertThat(Arrays.stream(counts).filter(c -> c > 0).count()).isEqualTo(24);
    assertThat(chiSquare).isLessThan(70);
  }
}
