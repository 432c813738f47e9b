package org.grlu.noise;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Statistics of many draws. */
final class Sample {
  private final float[] draws;

  Sample(float[] draws) {
    this.draws = draws;
  }

  int size() {
    return draws.length;
  }

  double mean() {
    double sum = 0;
    for (float x : draws) {
      sum += x;
    }
    return sum / draws.length;
  }

  double centralMoment(int order) {
    double mean = mean();
    double sum = 0;
    for (float x : draws) {
      double power = 1;
      for (int i = 0; i < order; i++) {
        power *= x - mean;
      }
      sum += power;
    }
    return sum / draws.length;
  }

  double skewness() {
    return centralMoment(3) / Math.pow(centralMoment(2), 1.5);
  }

  double excessKurtosis() {
    return centralMoment(4) / Math.pow(centralMoment(2), 2) - 3;
  }

  /** The share of draws further than {@code distance} from zero. */
  double beyond(double distance) {
    int count = 0;
    for (float x : draws) {
      count += Math.abs(x) > distance ? 1 : 0;
    }
    return (double) count / draws.length;
  }

  /** The largest distance of a draw from zero. */
  float largest() {
    float largest = 0;
    for (float x : draws) {
      largest = Math.max(largest, Math.abs(x));
    }
    return largest;
  }

  /** The statistic of Kolmogorov and Smirnov: the largest distance from a distribution. */
  double distance(DoubleUnaryOperator distribution) {
    float[] sorted = draws.clone();
    Arrays.parallelSort(sorted);
    double n = sorted.length;
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double p = distribution.applyAsDouble(sorted[i]);
      largest = Math.max(largest, Math.max((i + 1) / n - p, p - i / n));
    }
    return largest;
  }

  /** Pearson's correlation of two equally long samples. */
  static double correlation(float[] x, float[] y) {
    double meanX = new Sample(x).mean();
    double meanY = new Sample(y).mean();
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  /** The normal distribution function: Simpson's rule on a table, then Taylor to third order. */
  static DoubleUnaryOperator normal() {
    int perUnit = 1000;
    int most = 9 * perUnit;
    double[] table = new double[most + 1];
    table[0] = 0.5;
    for (int i = 0; i < most; i++) {
      double a = (double) i / perUnit;
      double h = 1.0 / perUnit;
      table[i + 1] = table[i] + h / 6 * (density(a) + 4 * density(a + h / 2) + density(a + h));
    }
    return x -> {
      double z = Math.min(Math.abs(x), 9);
      int i = (int) Math.round(z * perUnit);
      double a = (double) i / perUnit;
      double d = z - a;
      double p = table[i] + density(a) * (d - a * d * d / 2 + (a * a - 1) * d * d * d / 6);
      return x >= 0 ? p : 1 - p;
    };
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
