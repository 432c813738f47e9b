package org.grlu.rule;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Recursive least squares in closed form: the ridge regression of onehot(y) on x, with a bias.
 *
 * <pre>
 *   C    = sum x x^T / N - mu mu^T
 *   w_c  = (C + ridge tr(C)/d I)^-1 (S_c - n_c mu) / N        b_c = n_c / N - w_c . mu
 * </pre>
 *
 * where mu is the mean of all N examples, S_c is the sum of the examples of class c, and n_c is
 * their number.
 *
 * @param ridge the ridge's share of the mean variance of an input, above 0
 */
record Rls(double ridge) implements Moments {
  @Override
  public double[][] solve(ClassSums sums, DMatrixRMaj products, double[] b) {
    double all = sums.count();
    double[] mean = sums.mean();
    CommonOps_DDRM.divide(products, all);
    Lda.subtractOuter(1, mean, products);
    Solve.addRidge(products, ridge);
    double[][] right = new double[sums.classes()][sums.inputs()];
    for (int c = 0; c < right.length; c++) {
      for (int i = 0; i < right[c].length; i++) {
        right[c][i] = (sums.sum(c, i) - sums.count(c) * mean[i]) / all;
      }
    }
    double[][] w = Solve.symmetric(products, right);
    for (int c = 0; c < w.length; c++) {
      b[c] = sums.count(c) / all - Solve.product(w[c], mean);
    }
    return w;
  }
}
