package org.grlu.reports;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * What several seeds gave.
 *
 * @param size how many
 * @param mean null where there are none
 * @param deviation the standard deviation, with size - 1; null for fewer than two
 * @param low the lower end of the 95 % confidence interval of the mean, by Student's t with size -
 *     1 degrees of freedom; null for fewer than two
 * @param high the upper end
 */
public record Sample(int size, Double mean, Double deviation, Double low, Double high) {
  private static final double QUANTILE = 0.975;

  /**
   * By degrees of freedom: each takes a search, and a sweep asks for the same one thousands of
   * times.
   */
  private static final Map<Integer, Double> QUANTILES = new ConcurrentHashMap<>();

  /** What these values say. */
  public static Sample of(double[] values) {
    int n = values.length;
    if (n == 0) {
      return new Sample(0, null, null, null, null);
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / n;
    if (n == 1) {
      return new Sample(1, mean, null, null, null);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / (n - 1));
    double half = quantile(n - 1) * deviation / Math.sqrt(n);
    return new Sample(n, mean, deviation, mean - half, mean + half);
  }

  private static double quantile(int degrees) {
    return QUANTILES.computeIfAbsent(
        degrees, n -> new TDistribution(null, n).inverseCumulativeProbability(QUANTILE));
  }
}
