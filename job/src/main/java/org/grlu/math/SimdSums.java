package org.grlu.math;

import jdk.incubator.vector.FloatVector;

/** The part of {@link SimdKernels} that adds up rows and columns. */
abstract class SimdSums extends SimdNoise {
  /** Where a reduction's running sums are added up; kernels serve many threads at once. */
  private static final ThreadLocal<float[]> FOLDED =
      ThreadLocal.withInitial(() -> new float[2 * LANES]);

  @Override
  public void rowSums(float[] x, int at, int stride, int rows, float[] sum, float[] square) {
    float[] lanes = FOLDED.get();
    for (int r = 0; r < rows; r++) {
      int row = at + r * stride;
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        for (int i = row + lane; i < row + stride; i += LANES) {
          FloatVector v = FloatVector.fromArray(F, x, i);
          a = a.add(v);
          b = v.fma(v, b);
        }
        a.intoArray(lanes, lane);
        b.intoArray(lanes, LANES + lane);
      }
      sum[r] = fold(lanes, 0);
      square[r] = fold(lanes, LANES);
    }
  }

  // One chain a row is what rounds alike everywhere, and a vector would hold one row: eight chains
  // at a time.
  @Override
  public void rowProducts(float[] x, int rows, int lanes, float[] v, int n, float[] out, int at) {
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
        float vr = v[r];
        s0 = Math.fma(x[row + r], vr, s0);
        s1 = Math.fma(x[row + lanes + r], vr, s1);
        s2 = Math.fma(x[row + 2 * lanes + r], vr, s2);
        s3 = Math.fma(x[row + 3 * lanes + r], vr, s3);
        s4 = Math.fma(x[row + 4 * lanes + r], vr, s4);
        s5 = Math.fma(x[row + 5 * lanes + r], vr, s5);
        s6 = Math.fma(x[row + 6 * lanes + r], vr, s6);
        s7 = Math.fma(x[row + 7 * lanes + r], vr, s7);
      }
      out[at + i] = s0;
      out[at + i + 1] = s1;
      out[at + i + 2] = s2;
      out[at + i + 3] = s3;
      out[at + i + 4] = s4;
      out[at + i + 5] = s5;
      out[at + i + 6] = s6;
      out[at + i + 7] = s7;
    }
    for (; i < rows; i++) {
      float sum = 0;
      for (int r = 0; r < n; r++) {
        sum = Math.fma(x[i * lanes + r], v[r], sum);
      }
      out[at + i] = sum;
    }
  }

  @Override
  public void laneSums(float[] x, int rows, int lanes, float[] sum, float[] square) {
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
        FloatVector v = FloatVector.fromArray(F, x, at);
        a0 = a0.add(v);
        b0 = v.fma(v, b0);
        v = FloatVector.fromArray(F, x, at + q * lanes);
        a1 = a1.add(v);
        b1 = v.fma(v, b1);
        v = FloatVector.fromArray(F, x, at + 2 * q * lanes);
        a2 = a2.add(v);
        b2 = v.fma(v, b2);
        v = FloatVector.fromArray(F, x, at + 3 * q * lanes);
        a3 = a3.add(v);
        b3 = v.fma(v, b3);
      }
      for (int i = 4 * q; i < rows; i++) {
        FloatVector v = FloatVector.fromArray(F, x, i * lanes + lane);
        a3 = a3.add(v);
        b3 = v.fma(v, b3);
      }
      a0.add(a1).add(a2.add(a3)).intoArray(sum, lane);
      b0.add(b1).add(b2.add(b3)).intoArray(square, lane);
    }
  }

  @Override
  public void pairSums(
      float[] s,
      boolean shared,
      float[] h,
      int rows,
      int lanes,
      float[] sum,
      float[] cross,
      float[] square) {
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
      float[] s,
      float[] h,
      int rows,
      int lanes,
      int lane,
      float[] sum,
      float[] cross,
      float[] square) {
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
      FloatVector v = FloatVector.fromArray(F, h, at);
      a0 = a0.add(v);
      b0 = v.fma(FloatVector.broadcast(F, s[i]), b0);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, h, at + q * lanes);
      a1 = a1.add(v);
      b1 = v.fma(FloatVector.broadcast(F, s[i + q]), b1);
      c1 = v.fma(v, c1);
      v = FloatVector.fromArray(F, h, at + 2 * q * lanes);
      a2 = a2.add(v);
      b2 = v.fma(FloatVector.broadcast(F, s[i + 2 * q]), b2);
      c2 = v.fma(v, c2);
      v = FloatVector.fromArray(F, h, at + 3 * q * lanes);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.broadcast(F, s[i + 3 * q]), b3);
      c3 = v.fma(v, c3);
    }
    for (int i = 4 * q; i < rows; i++) {
      FloatVector v = FloatVector.fromArray(F, h, i * lanes + lane);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.broadcast(F, s[i]), b3);
      c3 = v.fma(v, c3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sum, lane);
    b0.add(b1).add(b2.add(b3)).intoArray(cross, lane);
    c0.add(c1).add(c2.add(c3)).intoArray(square, lane);
  }

  private static void ownSums(
      float[] s,
      float[] h,
      int rows,
      int lanes,
      int lane,
      float[] sum,
      float[] cross,
      float[] square) {
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
      FloatVector v = FloatVector.fromArray(F, h, at);
      a0 = a0.add(v);
      b0 = v.fma(FloatVector.fromArray(F, s, at), b0);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, h, at + q * lanes);
      a1 = a1.add(v);
      b1 = v.fma(FloatVector.fromArray(F, s, at + q * lanes), b1);
      c1 = v.fma(v, c1);
      v = FloatVector.fromArray(F, h, at + 2 * q * lanes);
      a2 = a2.add(v);
      b2 = v.fma(FloatVector.fromArray(F, s, at + 2 * q * lanes), b2);
      c2 = v.fma(v, c2);
      v = FloatVector.fromArray(F, h, at + 3 * q * lanes);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.fromArray(F, s, at + 3 * q * lanes), b3);
      c3 = v.fma(v, c3);
    }
    for (int i = 4 * q; i < rows; i++) {
      FloatVector v = FloatVector.fromArray(F, h, i * lanes + lane);
      a3 = a3.add(v);
      b3 = v.fma(FloatVector.fromArray(F, s, i * lanes + lane), b3);
      c3 = v.fma(v, c3);
    }
    a0.add(a1).add(a2.add(a3)).intoArray(sum, lane);
    b0.add(b1).add(b2.add(b3)).intoArray(cross, lane);
    c0.add(c1).add(c2.add(c3)).intoArray(square, lane);
  }

  @Override
  public void rowTimes(
      float[] x,
      int xAt,
      int xStep,
      int rows,
      float[] w,
      int wAt,
      int stride,
      float[] out,
      int at) {
    int q = rows / 4;
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      FloatVector s2 = FloatVector.zero(F);
      FloatVector s3 = FloatVector.zero(F);
      for (int i = 0; i < q; i++) {
        int xi = xAt + i * xStep;
        int wi = wAt + i * stride + j;
        s0 = FloatVector.fromArray(F, w, wi).fma(FloatVector.broadcast(F, x[xi]), s0);
        s1 =
            FloatVector.fromArray(F, w, wi + q * stride)
                .fma(FloatVector.broadcast(F, x[xi + q * xStep]), s1);
        s2 =
            FloatVector.fromArray(F, w, wi + 2 * q * stride)
                .fma(FloatVector.broadcast(F, x[xi + 2 * q * xStep]), s2);
        s3 =
            FloatVector.fromArray(F, w, wi + 3 * q * stride)
                .fma(FloatVector.broadcast(F, x[xi + 3 * q * xStep]), s3);
      }
      for (int i = 4 * q; i < rows; i++) {
        FloatVector xi = FloatVector.broadcast(F, x[xAt + i * xStep]);
        s3 = FloatVector.fromArray(F, w, wAt + i * stride + j).fma(xi, s3);
      }
      FloatVector sum = s0.add(s1).add(s2.add(s3));
      FloatVector.fromArray(F, out, at + j).add(sum).intoArray(out, at + j);
    }
  }

  @Override
  public void columnSums(float[] w, int rows, int stride, float[] out) {
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromArray(F, w, i * stride + j));
      }
      sum.intoArray(out, j);
    }
  }
}
