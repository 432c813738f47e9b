package org.grlu.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grlu.datasets.LabelledImages;

/**
 * The mean and the covariance of codes. The images are cut into parts by their number alone; each
 * part sums its own in their order, in doubles, and sums are added two by two, neighbours first:
 * one result, however many threads or computers there are.
 *
 * @param mean (d)
 * @param covariance (d x d), row-major
 */
record Moments(int images, double[] mean, double[] covariance) {
  /** Images that are added together. */
  private static final int BLOCK = 8;

  private static final int PARTS = 16;

  /** Codes of more values than this are summed by fewer parts, whose sums the driver holds. */
  private static final int LONG_CODE = 2048;

  private static final int PARTS_OF_LONG_CODES = 4;

  /**
   * The moments of the first images' codes.
   *
   * @param stages that make codes of them; none for the pixels themselves
   * @param d the length of a code
   */
  static Moments of(Parts parts, List<Stage> stages, int d, int images) {
    int most = d > LONG_CODE ? PARTS_OF_LONG_CODES : PARTS;
    int count = Math.max(1, Math.min(most, images / BLOCK));
    List<double[]> sums = parts.map(count, new Part(new ArrayList<>(stages), d, images, count));
    return finish(fold(sums, 0, count), images, d);
  }

  /** The mean of all images' values: a part of its own. */
  static double[] mean(LabelledImages images, int number) {
    double[] mean = new double[images.pixelsPerImage()];
    for (int i = 0; i < images.size(); i++) {
      float[] image = Encoder.pixels(images, i, 1);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += image[j];
      }
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= images.size();
    }
    return mean;
  }

  /** The sum of some parts' sums, neighbours first; of the first one's array. */
  static double[] fold(List<double[]> sums, int from, int to) {
    if (to - from == 1) {
      return sums.get(from);
    }
    int middle = (from + to) >>> 1;
    double[] left = fold(sums, from, middle);
    double[] right = fold(sums, middle, to);
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }

  private static Moments finish(double[] sums, int images, int d) {
    double[] mean = new double[d];
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      mean[i] = sums[i] / images;
    }
    for (int i = 0, at = d; i < d; i++) {
      for (int j = i; j < d; j++, at++) {
        double c = sums[at] / images - mean[i] * mean[j];
        covariance[i * d + j] = c;
        covariance[j * d + i] = c;
      }
    }
    return new Moments(images, mean, covariance);
  }

  /** Sums of some images' codes: of x, then of the upper triangle of x x^T. */
  private record Part(ArrayList<Stage> stages, int d, int images, int count) implements Parts.Part {
    @Override
    public double[] of(LabelledImages all, int number) {
      double[] sums = new double[d + d * (d + 1) / 2];
      double[] rows = new double[BLOCK * d];
      int to = bound(number + 1);
      for (int from = bound(number); from < to; from += BLOCK) {
        int some = Math.min(BLOCK, to - from);
        float[] codes = Encoder.codes(stages, all, from, some);
        Arrays.fill(rows, 0);
        for (int i = 0; i < codes.length; i++) {
          rows[i] = codes[i];
        }
        add(rows, d, sums);
      }
      return sums;
    }

    private int bound(int number) {
      return (int) ((long) images * number / count);
    }
  }

  private static void add(double[] rows, int d, double[] sums) {
    for (int e = 0; e < BLOCK; e++) {
      for (int i = 0; i < d; i++) {
        sums[i] += rows[e * d + i];
      }
    }
    for (int i = 0, at = d; i < d; i++) {
      addRow(rows, d, i, sums, at - i);
      at += d - i;
    }
  }

  /** Adds row i of the block's products, from its diagonal; element j goes to {@code at + j}. */
  static void addRow(double[] x, int d, int i, double[] sums, int at) {
    double a = x[i];
    double b = x[d + i];
    double c = x[2 * d + i];
    double e = x[3 * d + i];
    double f = x[4 * d + i];
    double g = x[5 * d + i];
    double h = x[6 * d + i];
    double k = x[7 * d + i];
    for (int j = i; j < d; j++) {
      sums[at + j] +=
          ((a * x[j] + b * x[d + j]) + (c * x[2 * d + j] + e * x[3 * d + j]))
              + ((f * x[4 * d + j] + g * x[5 * d + j]) + (h * x[6 * d + j] + k * x[7 * d + j]));
    }
  }
}
