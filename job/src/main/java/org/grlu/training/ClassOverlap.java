package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;

/**
 * Measures how much the classes overlap in what the network reads. The measure is the largest
 * cosine between the mean inputs of two classes, {@code max over a < b of m_a m_b / (|m_a| |m_b|)},
 * where m_c is the mean of the inputs u (after input norm) of class c. It is 1 where two means have
 * the same direction. It is 0 where the inputs of different classes have no non-zero entry in
 * common.
 */
final class ClassOverlap {
  /** The number of training examples, counted from the first, that the means are taken over. */
  private static final int EXAMPLES = 2000;

  private static final int BLOCK = 64;

  private ClassOverlap() {}

  /**
   * Returns the largest cosine, or NaN where fewer than two classes have a non-zero mean.
   *
   * @param classes the number C of classes
   */
  static double largestCosine(TrialSettings settings, LabelledImages images, int classes) {
    double[][] means = sums(settings, images, classes);
    double largest = Double.NaN;
    for (int a = 0; a < classes; a++) {
      for (int b = a + 1; b < classes; b++) {
        double cosine = cosine(means[a], means[b]);
        // Math.max would return NaN whenever one cosine is NaN
        largest = cosine > largest || Double.isNaN(largest) ? cosine : largest;
      }
    }
    return largest;
  }

  /**
   * Returns the sum of each class's inputs, (classes x inputs). A sum has the direction of the
   * mean, and the cosine needs no more than the direction.
   */
  private static double[][] sums(TrialSettings settings, LabelledImages images, int classes) {
    int inputs = settings.shape().inputs(0);
    InputBatch batch = new InputBatch(settings.shape(), settings.pixels());
    double[][] sums = new double[classes][inputs];
    Floats read = Floats.of(inputs);
    int[] order = new int[BLOCK];
    int count = Math.min(EXAMPLES, images.size());
    for (int from = 0; from < count; from += BLOCK) {
      int rows = Math.min(BLOCK, count - from);
      for (int r = 0; r < rows; r++) {
        order[r] = from + r;
      }
      batch.load(images, order, 0, rows);
      for (int r = 0; r < rows; r++) {
        batch.normalised(r, read, 0);
        double[] sum = sums[batch.label(r)];
        for (int i = 0; i < inputs; i++) {
          sum[i] += read.get(i);
        }
      }
    }
    return sums;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squaresA += a[i] * a[i];
      squaresB += b[i] * b[i];
    }
    return product / Math.sqrt(squaresA * squaresB);
  }
}
