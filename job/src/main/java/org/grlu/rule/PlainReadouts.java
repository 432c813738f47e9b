package org.grlu.rule;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Computes readouts directly from their formulas, in double precision over all examples. x is by
 * example and input, as the first layer reads it. y has the labels by example. Tests compare the
 * fast forms with these methods.
 */
final class PlainReadouts {
  private PlainReadouts() {}

  /** Weights and biases whose scores are {@code w_c . x + b_c}. */
  record Linear(double[][] w, double[] b) {}

  /** Computes {@link ClassMeans}. */
  static Linear classMeans(double[][] x, int[] y, int classes) {
    double[][] means = means(x, y, classes);
    double[] b = new double[classes];
    for (int c = 0; c < classes; c++) {
      b[c] = count(y, c) == 0 ? Readout.UNSEEN : -dot(means[c], means[c]) / 2;
    }
    return new Linear(means, b);
  }

  /** Computes {@link Lda}, with the covariance about the class means. */
  static Linear lda(double[][] x, int[] y, int classes, double ridge) {
    double[][] means = means(x, y, classes);
    double[][] centred = new double[x.length][];
    for (int e = 0; e < x.length; e++) {
      centred[e] = added(x[e], -1, means[y[e]]);
    }
    double[][] w = solve(ridged(covariance(centred), ridge), means);
    double[] b = new double[classes];
    for (int c = 0; c < classes; c++) {
      b[c] = count(y, c) == 0 ? Readout.UNSEEN : -dot(w[c], means[c]) / 2;
    }
    return new Linear(w, b);
  }

  /** Computes {@link Rls}, with the covariance about the mean of all examples. */
  static Linear rls(double[][] x, int[] y, int classes, double ridge) {
    double[] mean = means(x, new int[x.length], 1)[0];
    double[][] centred = new double[x.length][];
    double[][] right = new double[classes][x[0].length];
    for (int e = 0; e < x.length; e++) {
      centred[e] = added(x[e], -1, mean);
      right[y[e]] = added(right[y[e]], 1.0 / x.length, centred[e]);
    }
    double[][] w = solve(ridged(covariance(centred), ridge), right);
    double[] b = new double[classes];
    for (int c = 0; c < classes; c++) {
      b[c] = (double) count(y, c) / x.length - dot(w[c], mean);
    }
    return new Linear(w, b);
  }

  /** The source of the pairs' noise on the outputs. */
  @FunctionalInterface
  interface Draws {
    /** Returns the noise of example {@code e}, by pair and class. */
    double[][] of(int e);
  }

  /**
   * Computes {@link GrluRls}, starting from weights of 0. Returns the weights by class and input.
   */
  static double[][] grluRls(double[][] x, int[] y, int classes, double lambda, Draws draws) {
    int d = x[0].length;
    double[][] w = new double[classes][d];
    double[][] q = new double[d][d];
    for (int i = 0; i < d; i++) {
      q[i][i] = 1 / lambda;
    }
    for (int e = 0; e < x.length; e++) {
      double[] estimate = estimate(w, x[e], y[e], draws.of(e));
      double[] spread = new double[d];
      for (int i = 0; i < d; i++) {
        spread[i] = dot(q[i], x[e]);
      }
      double divisor = 1 + dot(spread, x[e]);
      for (int c = 0; c < classes; c++) {
        w[c] = added(w[c], estimate[c] / divisor, spread);
      }
      for (int i = 0; i < d; i++) {
        q[i] = added(q[i], -spread[i] / divisor, spread);
      }
    }
    return w;
  }

  /** Returns ehat, computed from the rewards of both passes of each pair. */
  private static double[] estimate(double[][] w, double[] x, int y, double[][] noise) {
    double[] outputs = Arrays.stream(w).mapToDouble(row -> dot(row, x)).toArray();
    double[] estimate = new double[w.length];
    for (double[] eps : noise) {
      double difference = (reward(outputs, 1, eps, y) - reward(outputs, -1, eps, y)) / 2;
      estimate = added(estimate, difference / noise.length, eps);
    }
    return estimate;
  }

  private static double reward(double[] outputs, double sign, double[] eps, int y) {
    double[] error = added(outputs, sign, eps);
    error[y] -= 1;
    return -dot(error, error) / 2;
  }

  /**
   * Computes {@link Prototypes}.
   *
   * @param each K, the number of prototypes of each class
   * @param queries the images to score, by query and input
   * @return the scores by query and class
   */
  static double[][] prototypes(double[][] x, int[] y, int classes, int each, double[][] queries) {
    double[][][] prototypes = new double[classes][each][];
    int[][] counts = new int[classes][each];
    for (int e = 0; e < x.length; e++) {
      double[][] own = prototypes[y[e]];
      int winner = 0;
      for (int k = 0; k < each; k++) {
        // the first free prototype wins
        boolean free = own[winner] == null;
        winner =
            !free && (own[k] == null || near(x[e], own[k]) > near(x[e], own[winner])) ? k : winner;
      }
      int n = ++counts[y[e]][winner];
      own[winner] =
          n == 1 ? x[e].clone() : added(own[winner], 1.0 / n, added(x[e], -1, own[winner]));
    }
    double[][] scores = new double[queries.length][classes];
    for (int q = 0; q < queries.length; q++) {
      for (int c = 0; c < classes; c++) {
        double[] query = queries[q];
        scores[q][c] =
            Arrays.stream(prototypes[c])
                .filter(w -> w != null)
                .mapToDouble(w -> near(query, w))
                .max()
                .orElse(Readout.UNSEEN);
      }
    }
    return scores;
  }

  private static double near(double[] x, double[] w) {
    double[] apart = added(x, -1, w);
    return (dot(x, x) - dot(apart, apart)) / 2;
  }

  /**
   * Computes {@link Hopfield} with the first {@code capacity} examples stored. The factor that all
   * classes share is left out.
   *
   * @param queries the images to score, by query and input
   * @return z by query and class
   */
  static double[][] hopfield(
      double[][] x, int[] y, int classes, double beta, int capacity, double[][] queries) {
    double[][] z = new double[queries.length][classes];
    for (int q = 0; q < queries.length; q++) {
      for (int e = 0; e < Math.min(capacity, x.length); e++) {
        double norms = Math.sqrt(dot(x[e], x[e]) * dot(queries[q], queries[q]));
        z[q][y[e]] += Math.exp(beta * (dot(x[e], queries[q]) / norms - 1));
      }
    }
    return z;
  }

  private static double[][] means(double[][] x, int[] y, int classes) {
    double[][] means = new double[classes][x[0].length];
    for (int e = 0; e < x.length; e++) {
      means[y[e]] = added(means[y[e]], 1.0 / count(y, y[e]), x[e]);
    }
    return means;
  }

  private static int count(int[] y, int c) {
    return (int) Arrays.stream(y).filter(label -> label == c).count();
  }

  private static double[][] covariance(double[][] centred) {
    int d = centred[0].length;
    double[][] covariance = new double[d][d];
    for (double[] x : centred) {
      for (int i = 0; i < d; i++) {
        covariance[i] = added(covariance[i], x[i] / centred.length, x);
      }
    }
    return covariance;
  }

  private static double[][] ridged(double[][] matrix, double ridge) {
    double trace = 0;
    for (int i = 0; i < matrix.length; i++) {
      trace += matrix[i][i];
    }
    for (int i = 0; i < matrix.length; i++) {
      matrix[i][i] += ridge * trace / matrix.length;
    }
    return matrix;
  }

  /** Solves the systems by LU decomposition, where the fast forms use Cholesky's. */
  private static double[][] solve(double[][] matrix, double[][] v) {
    DMatrixRMaj right = new DMatrixRMaj(v);
    CommonOps_DDRM.transpose(right);
    DMatrixRMaj solved = new DMatrixRMaj(matrix.length, v.length);
    CommonOps_DDRM.solve(new DMatrixRMaj(matrix), right, solved);
    double[][] w = new double[v.length][matrix.length];
    for (int c = 0; c < v.length; c++) {
      for (int i = 0; i < matrix.length; i++) {
        w[c][i] = solved.get(i, c);
      }
    }
    return w;
  }

  /** Returns {@code a + factor b}. */
  private static double[] added(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
