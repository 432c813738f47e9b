package org.grlu.rule;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Linear discriminant analysis (Fisher, 1936; online: Hayes and Kanan, 2020, arXiv:1909.01520).
 * Each class is modelled as a Gaussian about its mean. All classes share one covariance.
 *
 * <pre>
 *   S    = (sum x x^T - sum over c of S_c S_c^T / n_c) / N
 *   w_c  = (S + ridge tr(S)/d I)^-1 mu_c        b_c = -1/2 mu_c . w_c
 * </pre>
 *
 * where S_c is the sum of the examples of class c, n_c their number, mu_c their mean, and N the
 * number of all examples. If no class has two examples, the covariance cannot be estimated. It is
 * then taken to be I, which gives the rule of class means.
 *
 * @param ridge the ridge's share of the mean variance of an input, above 0
 */
record Lda(double ridge) implements Moments {
  @Override
  public double[][] solve(ClassSums sums, DMatrixRMaj products, double[] b) {
    double[][] means = new double[sums.classes()][];
    for (int c = 0; c < means.length; c++) {
      means[c] = sums.mean(c);
      subtractOuter(sums.count(c), means[c], products);
    }
    if (single(sums)) {
      CommonOps_DDRM.setIdentity(products);
    } else {
      CommonOps_DDRM.divide(products, sums.count());
      Solve.addRidge(products, ridge);
    }
    double[][] w = Solve.symmetric(products, means);
    for (int c = 0; c < means.length; c++) {
      b[c] = sums.count(c) == 0 ? UNSEEN : -Solve.product(means[c], w[c]) / 2;
    }
    return w;
  }

  /** Returns whether no class has two examples. */
  private static boolean single(ClassSums sums) {
    return IntStream.range(0, sums.classes()).allMatch(c -> sums.count(c) < 2);
  }

  /** Computes {@code matrix -= n mean mean^T}. */
  static void subtractOuter(double n, double[] mean, DMatrixRMaj matrix) {
    for (int i = 0; i < mean.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        matrix.data[i * mean.length + j] -= n * mean[i] * mean[j];
      }
    }
  }
}
