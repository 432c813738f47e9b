package org.grlu.math;

import java.util.Arrays;

/** The part of {@link ScalarKernels} that adds up rows and columns. */
abstract class ScalarSums extends ScalarNoise {
  /** The sixteen running sums, folded in halves. */
  static float fold(float[] lanes) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  private static float dot(float[] x, int xAt, float[] y, int yAt, int n, float[] lanes) {
    Arrays.fill(lanes, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] = Math.fma(x[xAt + i + lane], y[yAt + i + lane], lanes[lane]);
      }
    }
    return fold(lanes);
  }

  private static float sum(float[] x, int at, int n, float[] lanes) {
    Arrays.fill(lanes, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] += x[at + i + lane];
      }
    }
    return fold(lanes);
  }

  @Override
  public void rowSums(Floats x, int at, int stride, int rows, Floats sum, Floats square) {
    float[] xArray = x.array();
    int xFrom = x.at() + at;
    float[] sumArray = sum.array();
    int sumFrom = sum.at();
    float[] squareArray = square.array();
    int squareFrom = square.at();
    float[] lanes = new float[LANES];
    for (int r = 0; r < rows; r++) {
      int row = xFrom + r * stride;
      sumArray[sumFrom + r] = sum(xArray, row, stride, lanes);
      squareArray[squareFrom + r] = dot(xArray, row, xArray, row, stride, lanes);
    }
  }

  /** The first term of quarter {@code q} of {@code n} terms; n for q = 4. */
  static int quarter(int q, int n) {
    return q == 4 ? n : q * (n / 4);
  }

  static float inQuarters(float[] four) {
    return (four[0] + four[1]) + (four[2] + four[3]);
  }

  @Override
  public void laneSums(Floats x, int rows, int lanes, Floats sum, Floats square) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] sumArray = sum.array();
    int sumFrom = sum.at();
    float[] squareArray = square.array();
    int squareFrom = square.at();
    float[] a = new float[4];
    float[] b = new float[4];
    for (int r = 0; r < lanes; r++) {
      for (int q = 0; q < 4; q++) {
        a[q] = 0;
        b[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          float v = xArray[xFrom + i * lanes + r];
          a[q] += v;
          b[q] = Math.fma(v, v, b[q]);
        }
      }
      sumArray[sumFrom + r] = inQuarters(a);
      squareArray[squareFrom + r] = inQuarters(b);
    }
  }

  @Override
  public void pairSums(
      Floats s,
      boolean shared,
      Floats h,
      int rows,
      int lanes,
      Floats sum,
      Floats cross,
      Floats square) {
    float[] sArray = s.array();
    int sFrom = s.at();
    float[] hArray = h.array();
    int hFrom = h.at();
    float[] sumArray = sum.array();
    int sumFrom = sum.at();
    float[] crossArray = cross.array();
    int crossFrom = cross.at();
    float[] squareArray = square.array();
    int squareFrom = square.at();
    float[] a = new float[4];
    float[] b = new float[4];
    float[] c = new float[4];
    for (int r = 0; r < lanes; r++) {
      for (int q = 0; q < 4; q++) {
        a[q] = 0;
        b[q] = 0;
        c[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          float v = hArray[hFrom + i * lanes + r];
          a[q] += v;
          b[q] = Math.fma(shared ? sArray[sFrom + i] : sArray[sFrom + i * lanes + r], v, b[q]);
          c[q] = Math.fma(v, v, c[q]);
        }
      }
      sumArray[sumFrom + r] = inQuarters(a);
      crossArray[crossFrom + r] = inQuarters(b);
      squareArray[squareFrom + r] = inQuarters(c);
    }
  }

  @Override
  public void addPairSums(
      float sign,
      Floats sumS,
      Floats squareS,
      Floats sumH,
      Floats cross,
      Floats squareH,
      int n,
      Floats sum,
      Floats square) {
    for (int r = 0; r < n; r++) {
      sum.set(r, sum.get(r) + Math.fma(sign, sumH.get(r), sumS.get(r)));
      float both = squareS.get(r) + squareH.get(r);
      square.set(r, square.get(r) + Math.fma(2f * sign, cross.get(r), both));
    }
  }

  @Override
  public void pairFactors(
      Floats meanPlus,
      Floats scalePlus,
      Floats meanMinus,
      Floats scaleMinus,
      int n,
      Floats a,
      Floats b,
      Floats c) {
    for (int r = 0; r < n; r++) {
      float p = scalePlus.get(r);
      float m = scaleMinus.get(r);
      a.set(r, 0.5f * (p + m));
      b.set(r, 0.5f * (p - m));
      c.set(r, 0.5f * (meanPlus.get(r) * p + meanMinus.get(r) * m));
    }
  }

  @Override
  public void rowTimes(
      Floats x, int xAt, int xStep, int rows, Floats w, int wAt, int stride, Floats out, int at) {
    float[] xArray = x.array();
    int xFrom = x.at() + xAt;
    float[] wArray = w.array();
    int wFrom = w.at() + wAt;
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    float[] chain = new float[4];
    for (int j = 0; j < stride; j++) {
      for (int q = 0; q < 4; q++) {
        chain[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          chain[q] = Math.fma(xArray[xFrom + i * xStep], wArray[wFrom + i * stride + j], chain[q]);
        }
      }
      outArray[outFrom + j] += inQuarters(chain);
    }
  }

  @Override
  public void rowProducts(Floats x, int rows, int lanes, Floats v, int n, Floats out, int at) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] vArray = v.array();
    int vFrom = v.at();
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    for (int i = 0; i < rows; i++) {
      float sum = 0;
      for (int r = 0; r < n; r++) {
        sum = Math.fma(xArray[xFrom + i * lanes + r], vArray[vFrom + r], sum);
      }
      outArray[outFrom + i] = sum;
    }
  }

  @Override
  public void columnSums(Floats w, int rows, int stride, Floats out) {
    float[] wArray = w.array();
    int wFrom = w.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    float[] chain = new float[4];
    for (int j = 0; j < stride; j++) {
      for (int q = 0; q < 4; q++) {
        chain[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          chain[q] += wArray[wFrom + i * stride + j];
        }
      }
      outArray[outFrom + j] = inQuarters(chain);
    }
  }
}
