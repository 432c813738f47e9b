package org.grlu.rule;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionBlock_DDRM;
import org.ejml.dense.row.linsol.chol.LinearSolverChol_DDRM;

/** Solves linear systems with a symmetric positive definite matrix, by EJML in double precision. */
final class Solve {
  private static final int BLOCK = 64;

  private Solve() {}

  /**
   * Adds {@code ridge tr / d} to the diagonal of a matrix (d x d) with the trace tr.
   *
   * @param matrix Modified
   */
  static void addRidge(DMatrixRMaj matrix, double ridge) {
    double added = ridge * CommonOps_DDRM.trace(matrix) / matrix.numRows;
    for (int i = 0; i < matrix.numRows; i++) {
      matrix.add(i, i, added);
    }
  }

  /**
   * Solves {@code matrix w_c = v_c} for each c.
   *
   * @param matrix Modified. (d x d). Its values are undefined afterwards
   * @param v Not modified. (classes x d)
   * @return w, (classes x d). All values are NaN if the matrix is not positive definite
   */
  static double[][] symmetric(DMatrixRMaj matrix, double[][] v) {
    int d = matrix.numRows;
    // a fixed solver, because EJML would choose one by the matrix's width and by its own threads
    LinearSolverChol_DDRM solver =
        new LinearSolverChol_DDRM(new CholeskyDecompositionBlock_DDRM(BLOCK));
    double[][] w = new double[v.length][d];
    if (!solver.setA(matrix)) {
      for (double[] row : w) {
        Arrays.fill(row, Double.NaN);
      }
      return w;
    }
    DMatrixRMaj right = new DMatrixRMaj(d, v.length);
    for (int c = 0; c < v.length; c++) {
      for (int i = 0; i < d; i++) {
        right.unsafe_set(i, c, v[c][i]);
      }
    }
    DMatrixRMaj solved = new DMatrixRMaj(d, v.length);
    solver.solve(right, solved);
    for (int c = 0; c < v.length; c++) {
      for (int i = 0; i < d; i++) {
        w[c][i] = solved.unsafe_get(i, c);
      }
    }
    return w;
  }

  /** Returns the scalar product of two vectors. */
  static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
