package org.grlu.reports;

import java.util.Arrays;
import java.util.Random;

/**
 * A tree that predicts a number, with splits that are drawn at random (Geurts, Ernst and Wehenkel,
 * "Extremely randomized trees", 2006): of one random split for each feature, a node takes that
 * which leaves the least squared error.
 */
final class RegressionTree {
  /** A node of fewer rows is a leaf. */
  private static final int LEAST = 4;

  private final double[][] rows;
  private final double[] values;
  private final boolean[] categories;
  private final Random random;
  private final Node root;

  /** A leaf has no split: its feature is -1. */
  private record Node(double value, int feature, double at, Node left, Node right) {}

  private record Split(int feature, double at, int[] left, int[] right, double error) {}

  /**
   * @param rows a number for each feature; NaN where it has none
   * @param values of the rows
   * @param categories of each feature, whether its numbers are names, of which a split takes one
   * @param sample indices of the rows to grow on, which may repeat
   * @param random Modified: draws the splits
   */
  RegressionTree(
      double[][] rows, double[] values, boolean[] categories, int[] sample, Random random) {
    this.rows = rows;
    this.values = values;
    this.categories = categories;
    this.random = random;
    this.root = grow(sample);
  }

  private Node grow(int[] sample) {
    double mean = mean(sample);
    Split best = null;
    if (sample.length >= LEAST && error(sample) > 0) {
      for (int feature = 0; feature < categories.length; feature++) {
        Split split = split(sample, feature);
        if (split != null && (best == null || split.error < best.error)) {
          best = split;
        }
      }
    }
    return best == null
        ? new Node(mean, -1, 0, null, null)
        : new Node(mean, best.feature, best.at, grow(best.left), grow(best.right));
  }

  /** Null where all rows have the same of it. */
  private Split split(int[] sample, int feature) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int row : sample) {
      double x = of(rows[row], feature);
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    if (low == high) {
      return null;
    }
    double at =
        categories[feature]
            ? of(rows[sample[random.nextInt(sample.length)]], feature)
            : low + (high - low) * random.nextDouble();
    int[] left = new int[sample.length];
    int[] right = new int[sample.length];
    int lefts = 0;
    int rights = 0;
    for (int row : sample) {
      if (goesLeft(rows[row], feature, at)) {
        left[lefts++] = row;
      } else {
        right[rights++] = row;
      }
    }
    int[] some = Arrays.copyOf(left, lefts);
    int[] others = Arrays.copyOf(right, rights);
    return new Split(feature, at, some, others, error(some) + error(others));
  }

  /** What has no value stands below all that have one. */
  private static double of(double[] row, int feature) {
    return Double.isNaN(row[feature]) ? -1 : row[feature];
  }

  private boolean goesLeft(double[] row, int feature, double at) {
    double x = of(row, feature);
    return categories[feature] ? x == at : x <= at;
  }

  private double mean(int[] sample) {
    double sum = 0;
    for (int row : sample) {
      sum += values[row];
    }
    return sum / Math.max(1, sample.length);
  }

  /** The sum of squared distances from the mean. */
  private double error(int[] sample) {
    double mean = mean(sample);
    double sum = 0;
    for (int row : sample) {
      sum += (values[row] - mean) * (values[row] - mean);
    }
    return sum;
  }

  /** What it predicts for a row. */
  double predict(double[] row) {
    Node node = root;
    while (node.feature >= 0) {
      node = goesLeft(row, node.feature, node.at) ? node.left : node.right;
    }
    return node.value;
  }
}
