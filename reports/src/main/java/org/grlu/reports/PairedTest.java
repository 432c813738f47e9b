package org.grlu.reports;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;

/** Whether two settings differ, seed by seed, and what many such questions at once allow to say. */
final class PairedTest {
  private PairedTest() {}

  /**
   * The two-sided p value of Student's paired t test.
   *
   * @param differences one for each seed that both have
   * @return NaN for fewer than two
   */
  static double pValue(double[] differences) {
    Sample sample = Sample.of(differences);
    if (sample.size() < 2) {
      return Double.NaN;
    }
    if (sample.deviation() == 0) {
      return sample.mean() == 0 ? 1 : 0;
    }
    double t = sample.mean() / (sample.deviation() / Math.sqrt(sample.size()));
    return 2 * new TDistribution(null, sample.size() - 1).cumulativeProbability(-Math.abs(t));
  }

  /**
   * Adjusts p values by Holm's step-down procedure (Scandinavian Journal of Statistics 6, 1979):
   * those at most 0.05 then hold together with an error of at most 5 %.
   *
   * @param p not modified
   * @return in the same order
   */
  static double[] holm(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = Arrays.copyOf(p, p.length);
    double least = 0;
    for (int k = 0; k < order.length; k++) {
      least = Math.max(least, Math.min(1, (p.length - k) * p[order[k]]));
      adjusted[order[k]] = least;
    }
    return adjusted;
  }
}
