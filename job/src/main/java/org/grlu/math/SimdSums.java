package org.grlu.math;

import jdk.incubator.vector.FloatVector;

/** The part of {@link SimdKernels} that adds up rows and columns. */
abstract class SimdSums extends SimdNoise {
  /** Where a reduction's running sums are added up; kernels serve many threads at once. */
  private static final ThreadLocal<float[]> FOLDED =
      ThreadLocal.withInitial(() -> new float[2 * LANES]);

  @Override
  public void rowSums(Floats x, int at, int stride, int rows, Floats sum, Floats square) {
    float[] xArray = x.array();
    int xFrom = x.at() + at;
    float[] sumArray = sum.array();
    int sumFrom = sum.at();
    float[] squareArray = square.array();
    int squareFrom = square.at();
    float[] lanes = FOLDED.get();
    for (int r = 0; r < rows; r++) {
      int row = xFrom + r * stride;
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        for (int i = row + lane; i < row + stride; i += LANES) {
          FloatVector v = FloatVector.fromArray(F, xArray, i);
          a = a.add(v);
          b = v.fma(v, b);
        }
        a.intoArray(lanes, lane);
        b.intoArray(lanes, LANES + lane);
      }
      sumArray[sumFrom + r] = fold(lanes, 0);
      squareArray[squareFrom + r] = fold(lanes, LANES);
    }
  }

  // One chain a row is what rounds alike everywhere, and a vector would hold one row: eight chains
  // at a time.
  @Override
  public void rowProducts(Floats x, int rows, int lanes, Floats v, int n, Floats out, int at) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] vArray = v.array();
    int vFrom = v.at();
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int i = 0;
    for (; i + 8 <= rows; i += 8) {
      int row = i * lanes;
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      for (int r = 0; r < n; r++) {
        float vr = vArray[vFrom + r];
        s0 = Math.fma(xArray[xFrom + row + r], vr, s0);
        s1 = Math.fma(xArray[xFrom + row + lanes + r], vr, s1);
        s2 = Math.fma(xArray[xFrom + row + 2 * lanes + r], vr, s2);
        s3 = Math.fma(xArray[xFrom + row + 3 * lanes + r], vr, s3);
        s4 = Math.fma(xArray[xFrom + row + 4 * lanes + r], vr, s4);
        s5 = Math.fma(xArray[xFrom + row + 5 * lanes + r], vr, s5);
        s6 = Math.fma(xArray[xFrom + row + 6 * lanes + r], vr, s6);
        s7 = Math.fma(xArray[xFrom + row + 7 * lanes + r], vr, s7);
      }
      outArray[outFrom + i] = s0;
      outArray[outFrom + i + 1] = s1;
      outArray[outFrom + i + 2] = s2;
      outArray[outFrom + i + 3] = s3;
      outArray[outFrom + i + 4] = s4;
      outArray[outFrom + i + 5] = s5;
      outArray[outFrom + i + 6] = s6;
      outArray[outFrom + i + 7] = s7;
    }
    for (; i < rows; i++) {
      float sum = 0;
      for (int r = 0; r < n; r++) {
        sum = Math.fma(xArray[xFrom + i * lanes + r], vArray[vFrom + r], sum);
      }
      outArray[outFrom + i] = sum;
    }
  }

  @Override
  public void laneSums(Floats x, int rows, int lanes, Floats sum, Floats square) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] sumArray = sum.array();
    int sumFrom = sum.at();
    float[] squareArray = square.array();
    int squareFrom = square.at();
    int q = rows / 4;
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector a0 = FloatVector.zero(F);
      FloatVector a1 = FloatVector.zero(F);
      FloatVector a2 = FloatVector.zero(F);
      FloatVector a3 = FloatVector.zero(F);
      FloatVector b0 = FloatVector.zero(F);
      FloatVector b1 = FloatVector.zero(F);
      FloatVector b2 = FloatVector.zero(F);
      FloatVector b3 = FloatVector.zero(F);
      for (int i = 0; i < q; i++) {
        int at = i * lanes + lane;
        FloatVector v = FloatVector.fromArray(F, xArray, xFrom + at);
        a0 = a0.add(v);
        b0 = v.fma(v, b0);
        v = FloatVector.fromArray(F, xArray, xFrom + at + q * lanes);
        a1 = a1.add(v);
        b1 = v.fma(v, b1);
        v = FloatVector.fromArray(F, xArray, xFrom + at + 2 * q * lanes);
        a2 = a2.add(v);
        b2 = v.fma(v, b2);
        v = FloatVector.fromArray(F, xArray, xFrom + at + 3 * q * lanes);
        a3 = a3.add(v);
        b3 = v.fma(v, b3);
      }
      for (int i = 4 * q; i < rows; i++) {
        FloatVector v = FloatVector.fromArray(F, xArray, xFrom + i * lanes + lane);
        a3 = a3.add(v);
        b3 = v.fma(v, b3);
      }
      a0.add(a1).add(a2.add(a3)).intoArray(sumArray, sumFrom + lane);
      b0.add(b1).add(b2.add(b3)).intoArray(squareArray, squareFrom + lane);
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
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      // methods apart: a vector that is either broadcast or loaded would be boxed
      if (shared) {
        sharedSums(s, h, rows, lanes, lane, sum, cross, square);
      } else {
        ownSums(s, h, rows, lanes, lane, sum, cross, square);
      }
    }
  }

  private static void sharedSums(
      Floats s, Floats h, int rows, int lanes, int lane, Floats sum, Floats cross, Floats square) {
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
    int q = rows / 4;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector c2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    FloatVector c3 = FloatVector.zero(F);
    for (int i = 0; i < q; i++) {
      int at = i * lanes + lane;
      FloatVector v = FloatVector.fromArray(F, hArray, hFrom + at);
      a0 = a0.add(v);
      b0 = v.fma(FloatVector.broadcast(F, sArray[sFrom + i]), b0);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, hArray, hFrom + at + q * lanes);
      a1 = a1.add(v);
      b1 = v.fma(FloatVector.broadcast(F, sArray[sFrom + i + q]), b1);
      c1 = v.fma(v, c1);
      v = FloatVector.fromArray(F, hArray, hFrom + at + 2 * q * lanes);
      a2 = a2.add(v);
      b2 = v.fma(FloatVector.broadcast(F, sArray[sFrom + i + 2 * q]), b2);
      c2 = v.fma(v, c2);
      v = FloatVector.fromArray(F, hArray, hFrom + at + 3 * q * lanes);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.broadcast(F, sArray[sFrom + i + 3 * q]), b3);
      c3 = v.fma(v, c3);
    }
    for (int i = 4 * q; i < rows; i++) {
      FloatVector v = FloatVector.fromArray(F, hArray, hFrom + i * lanes + lane);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.broadcast(F, sArray[sFrom + i]), b3);
      c3 = v.fma(v, c3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sumArray, sumFrom + lane);
    b0.add(b1).add(b2.add(b3)).intoArray(crossArray, crossFrom + lane);
    c0.add(c1).add(c2.add(c3)).intoArray(squareArray, squareFrom + lane);
  }

  private static void ownSums(
      Floats s, Floats h, int rows, int lanes, int lane, Floats sum, Floats cross, Floats square) {
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
    int q = rows / 4;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector c2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    FloatVector c3 = FloatVector.zero(F);
    for (int i = 0; i < q; i++) {
      int at = i * lanes + lane;
      FloatVector v = FloatVector.fromArray(F, hArray, hFrom + at);
      a0 = a0.add(v);
      b0 = v.fma(FloatVector.fromArray(F, sArray, sFrom + at), b0);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, hArray, hFrom + at + q * lanes);
      a1 = a1.add(v);
      b1 = v.fma(FloatVector.fromArray(F, sArray, sFrom + at + q * lanes), b1);
      c1 = v.fma(v, c1);
      v = FloatVector.fromArray(F, hArray, hFrom + at + 2 * q * lanes);
      a2 = a2.add(v);
      b2 = v.fma(FloatVector.fromArray(F, sArray, sFrom + at + 2 * q * lanes), b2);
      c2 = v.fma(v, c2);
      v = FloatVector.fromArray(F, hArray, hFrom + at + 3 * q * lanes);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.fromArray(F, sArray, sFrom + at + 3 * q * lanes), b3);
      c3 = v.fma(v, c3);
    }
    for (int i = 4 * q; i < rows; i++) {
      FloatVector v = FloatVector.fromArray(F, hArray, hFrom + i * lanes + lane);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.fromArray(F, sArray, sFrom + i * lanes + lane), b3);
      c3 = v.fma(v, c3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sumArray, sumFrom + lane);
    b0.add(b1).add(b2.add(b3)).intoArray(crossArray, crossFrom + lane);
    c0.add(c1).add(c2.add(c3)).intoArray(squareArray, squareFrom + lane);
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
    int q = rows / 4;
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      FloatVector s2 = FloatVector.zero(F);
      FloatVector s3 = FloatVector.zero(F);
      for (int i = 0; i < q; i++) {
        int xi = xFrom + i * xStep;
        int wi = wFrom + i * stride + j;
        s0 = FloatVector.fromArray(F, wArray, wi).fma(FloatVector.broadcast(F, xArray[xi]), s0);
        s1 =
            FloatVector.fromArray(F, wArray, wi + q * stride)
                .fma(FloatVector.broadcast(F, xArray[xi + q * xStep]), s1);
        s2 =
            FloatVector.fromArray(F, wArray, wi + 2 * q * stride)
                .fma(FloatVector.broadcast(F, xArray[xi + 2 * q * xStep]), s2);
        s3 =
            FloatVector.fromArray(F, wArray, wi + 3 * q * stride)
                .fma(FloatVector.broadcast(F, xArray[xi + 3 * q * xStep]), s3);
      }
      for (int i = 4 * q; i < rows; i++) {
        FloatVector xi = FloatVector.broadcast(F, xArray[xFrom + i * xStep]);
        s3 = FloatVector.fromArray(F, wArray, wFrom + i * stride + j).fma(xi, s3);
      }
      FloatVector sum = s0.add(s1).add(s2.add(s3));
      FloatVector.fromArray(F, outArray, outFrom + j).add(sum).intoArray(outArray, outFrom + j);
    }
  }

  @Override
  public void columnSums(Floats w, int rows, int stride, Floats out) {
    float[] wArray = w.array();
    int wFrom = w.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    int q = rows / 4;
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      FloatVector s2 = FloatVector.zero(F);
      FloatVector s3 = FloatVector.zero(F);
      for (int i = 0; i < q; i++) {
        int row = wFrom + i * stride + j;
        s0 = s0.add(FloatVector.fromArray(F, wArray, row));
        s1 = s1.add(FloatVector.fromArray(F, wArray, row + q * stride));
        s2 = s2.add(FloatVector.fromArray(F, wArray, row + 2 * q * stride));
        s3 = s3.add(FloatVector.fromArray(F, wArray, row + 3 * q * stride));
      }
      for (int i = 4 * q; i < rows; i++) {
        s3 = s3.add(FloatVector.fromArray(F, wArray, wFrom + i * stride + j));
      }
      s0.add(s1).add(s2.add(s3)).intoArray(outArray, outFrom + j);
    }
  }
}
