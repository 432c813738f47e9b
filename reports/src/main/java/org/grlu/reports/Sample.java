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
 *     1 degrees of freedom, of shares on the logit scale; null for fewer than two
 * @param high the upper end
 */
public record Sample(int size, Double mean, Double deviation, Double low, Double high) {
  private static final double QUANTILE = 0.975;

  /**
   * By degrees of freedom: each takes a search, and a sweep asks for the same one thousands of
   * times.
   */
  private static final Map<Integer, Double> QUANTILES = new ConcurrentHashMap<>();

  /** What these values say, which may be any. */
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

  /**
   * What these shares of 1, such as accuracies, say: as {@link #of}, but with an interval that ends
   * between 0 and 1. With a half-width {@code h = t * s / sqrt(n)} of the plain interval, by the
   * delta method that of {@code logit(m) = ln(m / (1 - m))} is {@code h / (m * (1 - m))}, whose
   * ends are turned back. Where s is small the two intervals agree; near 0 and 1 this one is the
   * longer one towards the middle. Values that are all the same, 0 or 1 too, have that one value
   * for an interval, as by the plain one.
   *
   * <p>Source: the logit interval in Brown, Cai and DasGupta, "Interval estimation for a binomial
   * proportion", Statistical Science 16 (2001), with what varies between seeds for the binomial
   * standard error, and Student's t for the normal quantile.
   *
   * @param values each from 0 to 1
   */
  public static Sample ofShares(double[] values) {
    Sample plain = of(values);
    if (plain.size < 2) {
      return plain;
    }
    double mean = plain.mean;
    double slope = mean * (1 - mean);
    double half = slope == 0 ? 0 : (plain.high - mean) / slope;
    return new Sample(
        plain.size, mean, plain.deviation, turnedBack(mean, -half), turnedBack(mean, half));
  }

  /** The share whose logit lies this far from that of another one. */
  private static double turnedBack(double share, double distance) {
    return share / (share + (1 - share) * StrictMath.exp(-distance));
  }

  private static double quantile(int degrees) {
    return QUANTILES.computeIfAbsent(
        degrees, n -> new TDistribution(null, n).inverseCumulativeProbability(QUANTILE));
  }
}
