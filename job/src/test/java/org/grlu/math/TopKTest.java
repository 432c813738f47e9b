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

  /** Each of 32 columns has the same scores, moved on by one. */
  private static void assertMaskIsThatOfASort(float[] scores, int count) {
    int n = scores.length;
    int lanes = 32;
    float[] given = new float[n * lanes];
    for (int i = 0; i < n; i++) {
      // -0 and 0 are a tie for a sort's reader, not for the search
      scores[i] += 0f;
      for (int r = 0; r < lanes; r++) {
        given[(i + r) % n * lanes + r] = scores[i];
      }
    }
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    float[] expected = new float[n * lanes];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = given[i] >= sorted[n - count] ? 1f : 0f;
    }
    float[] mask = new float[n * lanes];
    Arrays.fill(mask, 7f);
    TopK topK = new TopK(Kernels.best(), lanes, new Arena());
    topK.mask(Floats.over(given), n, lanes, count, Floats.over(mask));
    assertThat(mask).isEqualTo(expected);
    // where the last search ended is where the next begins
    Arrays.fill(mask, 7f);
    topK.mask(Floats.over(given), n, lanes, count, Floats.over(mask));
    assertThat(mask).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0.5,256,128", "0.1,10,1", "0.01,10,1", "1,10,10", "0.3,10,3", "0.29,100,28"})
  void countIsTheFlooredShareButAtLeastOne(double k, int units, int count) {
    assertThat(TopK.count(k, units)).isEqualTo(count);
  }
}
