package org.grlu.features;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Linear stages that decorrelate codes, made of their moments in doubles. An eigenvector's largest
 * element, of equal ones the first, is positive.
 *
 * @param variances from the largest
 * @param vectors (d x d), row r the eigenvector of variance r
 */
record Whitening(Moments moments, double[] variances, DMatrixRMaj vectors) {
  /** Less variance than this share of the largest is that of a constant. */
  private static final double CONSTANT = 1e-12;

  static Whitening of(Moments moments) {
    int d = moments.mean().length;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
    // it works on what it gets
    if (!eigen.decompose(DMatrixRMaj.wrap(d, d, moments.covariance().clone()))) {
      throw new IllegalStateException("the codes' covariance could not be decomposed");
    }
    double[] values = new double[d];
    for (int i = 0; i < d; i++) {
      values[i] = eigen.getEigenvalue(i).getReal();
    }
    int[] order =
        IntStream.range(0, d)
            .boxed()
            .sorted((i, j) -> Double.compare(values[j], values[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] sorted = new double[d];
    DMatrixRMaj vectors = new DMatrixRMaj(d, d);
    for (int r = 0; r < d; r++) {
      sorted[r] = Math.max(0, values[order[r]]);
      double[] v = eigen.getEigenVector(order[r]).data;
      double sign = v[largest(v)] < 0 ? -1 : 1;
      for (int i = 0; i < d; i++) {
        vectors.data[r * d + i] = sign * v[i];
      }
    }
    return new Whitening(moments, sorted, vectors);
  }

  private static int largest(double[] v) {
    int at = 0;
    for (int i = 1; i < v.length; i++) {
      if (Math.abs(v[i]) > Math.abs(v[at])) {
        at = i;
      }
    }
    return at;
  }

  /**
   * {@code x~ = (C + lambda I)^(-1/2) (x - mu)} with {@code lambda = ridge tr(C) / d}: of
   * covariance {@code C (C + lambda I)^-1}.
   *
   * @param standardised whether each value is divided by its deviation, known from C
   */
  Linear zca(double ridge, boolean standardised) {
    int d = variances.length;
    double trace = 0;
    for (double variance : variances) {
      trace += variance;
    }
    double lambda = ridge * trace / d;
    DMatrixRMaj scaled = vectors.copy();
    for (int r = 0; r < d; r++) {
      double factor = inverse(variances[r] + lambda);
      for (int i = 0; i < d; i++) {
        scaled.data[r * d + i] *= factor;
      }
    }
    DMatrixRMaj whiten = new DMatrixRMaj(d, d);
    CommonOps_DDRM.multTransA(vectors, scaled, whiten);
    if (standardised) {
      for (int i = 0; i < d; i++) {
        double variance = 0;
        for (int r = 0; r < d; r++) {
          double v = vectors.data[r * d + i];
          variance += v * v * (variances[r] / (variances[r] + lambda));
        }
        double factor = variance > CONSTANT ? 1 / Math.sqrt(variance) : 0;
        for (int j = 0; j < d; j++) {
          whiten.data[i * d + j] *= factor;
        }
      }
    }
    return linear(whiten.data, d);
  }

  /** The {@code components} largest principal components, each of variance 1. */
  Linear components(int components) {
    int d = variances.length;
    double[] weights = new double[components * d];
    for (int r = 0; r < components; r++) {
      double factor = inverse(variances[r]);
      for (int i = 0; i < d; i++) {
        weights[r * d + i] = factor * vectors.data[r * d + i];
      }
    }
    return linear(weights, components);
  }

  /** Its root's inverse; 0 of what is constant. */
  private double inverse(double variance) {
    return variance > CONSTANT * variances[0] ? 1 / Math.sqrt(variance) : 0;
  }

  /** {@code W (x - mu)}. */
  private Linear linear(double[] weights, int outputs) {
    return centred(moments.mean(), weights, outputs, Linear.Shape.PLAIN);
  }

  /** {@code f(W (x - mean))}; what is taken off is of the weights as they are rounded. */
  static Linear centred(double[] mean, double[] weights, int outputs, Linear.Shape shape) {
    int d = mean.length;
    float[] rounded = new float[weights.length];
    float[] bias = new float[outputs];
    for (int j = 0; j < outputs; j++) {
      double sum = 0;
      for (int i = 0; i < d; i++) {
        rounded[j * d + i] = (float) weights[j * d + i];
        sum -= rounded[j * d + i] * mean[i];
      }
      bias[j] = (float) sum;
    }
    return new Linear(d, outputs, shape, rounded, bias);
  }
}
