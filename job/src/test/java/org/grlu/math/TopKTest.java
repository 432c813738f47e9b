package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopKTest {

  @Property(seed = "1")
  void maskKeepsTheLargest(
      @ForAll @Size(min = 1, max = 300) float[] scores, @ForAll @IntRange(max = 299) int part) {
    assertMaskIsThatOfASort(scores, 1 + part % scores.length);
  }

  @Property(seed = "2")
  void maskKeepsTiesWithTheLastOneKept(
      @ForAll @Size(min = 1, max = 60) @FloatRange(min = 0, max = 3) float[] scores,
      @ForAll @IntRange(max = 59) int part) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.round(scores[i]);
    }
    assertMaskIsThatOfASort(scores, 1 + part % scores.length);
  }

  private static void assertMaskIsThatOfASort(float[] scores, int count) {
    int n = scores.length;
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    int padded = Kernels.padded(n);
    float[] given = new float[padded + 5];
    System.arraycopy(scores, 0, given, 5, n);
    float[] mask = new float[padded + 4];
    Arrays.fill(mask, 7f);
    TopK.mask(Kernels.best(), given, 5, n, count, mask, 3);
    float[] expected = new float[padded + 4];
    Arrays.fill(expected, 0, 3, 7f);
    expected[padded + 3] = 7f;
    for (int i = 0; i < n; i++) {
      expected[3 + i] = scores[i] >= sorted[n - count] ? 1f : 0f;
    }
    assertThat(mask).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"0.5,256,128", "0.1,10,1", "0.01,10,1", "1,10,10", "0.3,10,3", "0.29,100,28"})
  void countIsTheFlooredShareButAtLeastOne(double k, int units, int count) {
    assertThat(TopK.count(k, units)).isEqualTo(count);
  }
}
