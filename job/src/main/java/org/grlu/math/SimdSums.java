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
        FloatVector a = zero();
        FloatVector b = zero();
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
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector a = zero();
      FloatVector b = zero();
      for (int i = 0; i < rows; i++) {
        FloatVector v = FloatVector.fromArray(F, x, i * lanes + lane);
        a = a.add(v);
        b = v.fma(v, b);
      }
      a.intoArray(sum, lane);
      b.intoArray(square, lane);
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
    int lane = 0;
    for (; lane + 4 * WIDTH <= lanes; lane += 4 * WIDTH) {
      pairSums4(s, shared, h, rows, lanes, lane, sum, cross, square);
    }
    for (; lane < lanes; lane += WIDTH) {
      FloatVector a = zero();
      FloatVector b = zero();
      FloatVector c = zero();
      for (int i = 0; i < rows; i++) {
        FloatVector v = FloatVector.fromArray(F, h, i * lanes + lane);
        FloatVector si = shared ? f(s[i]) : FloatVector.fromArray(F, s, i * lanes + lane);
        a = a.add(v);
        b = si.fma(v, b);
        c = v.fma(v, c);
      }
      a.intoArray(sum, lane);
      b.intoArray(cross, lane);
      c.intoArray(square, lane);
    }
  }

  private static void pairSums4(
      float[] s,
      boolean shared,
      float[] h,
      int rows,
      int lanes,
      int lane,
      float[] sum,
      float[] cross,
      float[] square) {
    FloatVector a0 = zero();
    FloatVector b0 = zero();
    FloatVector c0 = zero();
    FloatVector a1 = zero();
    FloatVector b1 = zero();
    FloatVector c1 = zero();
    FloatVector a2 = zero();
    FloatVector b2 = zero();
    FloatVector c2 = zero();
    FloatVector a3 = zero();
    FloatVector b3 = zero();
    FloatVector c3 = zero();
    for (int i = 0; i < rows; i++) {
      int at = i * lanes + lane;
      FloatVector si = shared ? f(s[i]) : zero();
      FloatVector v = FloatVector.fromArray(F, h, at);
      a0 = a0.add(v);
      b0 = (shared ? si : FloatVector.fromArray(F, s, at)).fma(v, b0);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, h, at + WIDTH);
      a1 = a1.add(v);
      b1 = (shared ? si : FloatVector.fromArray(F, s, at + WIDTH)).fma(v, b1);
      c1 = v.fma(v, c1);
      v = FloatVector.fromArray(F, h, at + 2 * WIDTH);
      a2 = a2.add(v);
      b2 = (shared ? si : FloatVector.fromArray(F, s, at + 2 * WIDTH)).fma(v, b2);
      c2 = v.fma(v, c2);
      v = FloatVector.fromArray(F, h, at + 3 * WIDTH);
      a3 = a3.add(v);
      b3 = (shared ? si : FloatVector.fromArray(F, s, at + 3 * WIDTH)).fma(v, b3);
      c3 = v.fma(v, c3);
    }
    a0.intoArray(sum, lane);
    b0.intoArray(cross, lane);
    c0.intoArray(square, lane);
    a1.intoArray(sum, lane + WIDTH);
    b1.intoArray(cross, lane + WIDTH);
    c1.intoArray(square, lane + WIDTH);
    a2.intoArray(sum, lane + 2 * WIDTH);
    b2.intoArray(cross, lane + 2 * WIDTH);
    c2.intoArray(square, lane + 2 * WIDTH);
    a3.intoArray(sum, lane + 3 * WIDTH);
    b3.intoArray(cross, lane + 3 * WIDTH);
    c3.intoArray(square, lane + 3 * WIDTH);
  }

  @Override
  public void columnSums(float[] w, int rows, int stride, float[] out) {
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector sum = zero();
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromArray(F, w, i * stride + j));
      }
      sum.intoArray(out, j);
    }
  }
}
