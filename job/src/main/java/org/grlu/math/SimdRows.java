package org.grlu.math;

import jdk.incubator.vector.FloatVector;

/** The part of {@link SimdKernels} for a single antithetic pair, units in lanes. */
abstract class SimdRows extends SimdElements {
  /** Where running sums are added up; kernels serve many threads at once. */
  private static final ThreadLocal<float[]> FOLDED =
      ThreadLocal.withInitial(() -> new float[5 * LANES]);

  @Override
  public void pairMoments(Floats s, Floats h, int n, Floats out) {
    float[] sArray = s.array();
    int sFrom = s.at();
    float[] hArray = h.array();
    int hFrom = h.at();
    float[] lanes = FOLDED.get();
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      FloatVector square = FloatVector.zero(F);
      FloatVector sumH = FloatVector.zero(F);
      FloatVector cross = FloatVector.zero(F);
      FloatVector squareH = FloatVector.zero(F);
      for (int i = lane; i < n; i += LANES) {
        FloatVector a = FloatVector.fromArray(F, sArray, sFrom + i);
        FloatVector b = FloatVector.fromArray(F, hArray, hFrom + i);
        sum = sum.add(a);
        square = a.fma(a, square);
        sumH = sumH.add(b);
        cross = a.fma(b, cross);
        squareH = b.fma(b, squareH);
      }
      sum.intoArray(lanes, lane);
      square.intoArray(lanes, LANES + lane);
      sumH.intoArray(lanes, 2 * LANES + lane);
      cross.intoArray(lanes, 3 * LANES + lane);
      squareH.intoArray(lanes, 4 * LANES + lane);
    }
    for (int i = 0; i < 5; i++) {
      out.set(i, fold(lanes, i * LANES));
    }
  }

  @Override
  public void dots(Floats x, Floats w, int rows, int stride, Floats out) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] wArray = w.array();
    float[] lanes = FOLDED.get();
    for (int i = 0; i < rows; i++) {
      int row = w.at() + i * stride;
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        FloatVector sum = FloatVector.zero(F);
        for (int j = lane; j < stride; j += LANES) {
          FloatVector a = FloatVector.fromArray(F, xArray, xFrom + j);
          sum = a.fma(FloatVector.fromArray(F, wArray, row + j), sum);
        }
        sum.intoArray(lanes, lane);
      }
      out.set(i, fold(lanes, 0));
    }
  }

  @Override
  public void pairTimes(Floats s, Floats h, int rows, Floats w, int wAt, int stride, Floats out) {
    for (int j = 0; j < stride; j += WIDTH) {
      float[] wArray = w.array();
      int wFrom = w.at() + wAt + j;
      float[] outArray = out.array();
      int outFrom = out.at() + j;
      columns(s.array(), s.at(), h.array(), h.at(), rows, wArray, wFrom, stride, outArray, outFrom);
    }
  }

  /** One vector of columns. */
  private static void columns(
      float[] s,
      int sAt,
      float[] h,
      int hAt,
      int rows,
      float[] w,
      int wAt,
      int stride,
      float[] out,
      int outAt) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector h0 = FloatVector.zero(F);
    FloatVector h1 = FloatVector.zero(F);
    FloatVector h2 = FloatVector.zero(F);
    FloatVector h3 = FloatVector.zero(F);
    FloatVector w0 = FloatVector.zero(F);
    FloatVector w1 = FloatVector.zero(F);
    FloatVector w2 = FloatVector.zero(F);
    FloatVector w3 = FloatVector.zero(F);
    int q = rows / 4;
    for (int i = 0; i < q; i++) {
      int row = wAt + i * stride;
      FloatVector x = FloatVector.fromArray(F, w, row);
      s0 = x.fma(FloatVector.broadcast(F, s[sAt + i]), s0);
      h0 = x.fma(FloatVector.broadcast(F, h[hAt + i]), h0);
      w0 = w0.add(x);
      x = FloatVector.fromArray(F, w, row + q * stride);
      s1 = x.fma(FloatVector.broadcast(F, s[sAt + i + q]), s1);
      h1 = x.fma(FloatVector.broadcast(F, h[hAt + i + q]), h1);
      w1 = w1.add(x);
      x = FloatVector.fromArray(F, w, row + 2 * q * stride);
      s2 = x.fma(FloatVector.broadcast(F, s[sAt + i + 2 * q]), s2);
      h2 = x.fma(FloatVector.broadcast(F, h[hAt + i + 2 * q]), h2);
      w2 = w2.add(x);
      x = FloatVector.fromArray(F, w, row + 3 * q * stride);
      s3 = x.fma(FloatVector.broadcast(F, s[sAt + i + 3 * q]), s3);
      h3 = x.fma(FloatVector.broadcast(F, h[hAt + i + 3 * q]), h3);
      w3 = w3.add(x);
    }
    for (int i = 4 * q; i < rows; i++) {
      FloatVector x = FloatVector.fromArray(F, w, wAt + i * stride);
      s3 = x.fma(FloatVector.broadcast(F, s[sAt + i]), s3);
      h3 = x.fma(FloatVector.broadcast(F, h[hAt + i]), h3);
      w3 = w3.add(x);
    }
    addTo(out, outAt, s0.add(s1).add(s2.add(s3)));
    addTo(out, outAt + stride, h0.add(h1).add(h2.add(h3)));
    addTo(out, outAt + 2 * stride, w0.add(w1).add(w2.add(w3)));
  }

  private static void addTo(float[] out, int at, FloatVector x) {
    FloatVector.fromArray(F, out, at).add(x).intoArray(out, at);
  }

  @Override
  public void addOuter(float factor, Floats x, int rows, Floats y, int stride, Floats c, int at) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] cArray = c.array();
    for (int j = 0; j < stride; j += WIDTH) {
      int cFrom = c.at() + at + j;
      FloatVector f = FloatVector.broadcast(F, factor);
      FloatVector v = FloatVector.fromArray(F, y.array(), y.at() + j);
      for (int i = 0; i < rows; i++) {
        int row = cFrom + i * stride;
        FloatVector product = FloatVector.broadcast(F, xArray[xFrom + i]).mul(v);
        product.fma(f, FloatVector.fromArray(F, cArray, row)).intoArray(cArray, row);
      }
    }
  }

  @Override
  public void scatterRows(
      int[] row, int[] to, float[] f, int n, Floats w, int wAt, int stride, Floats out, int width) {
    float[] wArray = w.array();
    float[] outArray = out.array();
    for (int k = 0; k < n; k++) {
      FloatVector factor = FloatVector.broadcast(F, f[k]);
      int from = w.at() + wAt + row[k] * stride;
      int at = out.at() + to[k] * width;
      for (int j = 0; j < stride; j += WIDTH) {
        FloatVector sum = FloatVector.fromArray(F, outArray, at + j);
        FloatVector.fromArray(F, wArray, from + j).fma(factor, sum).intoArray(outArray, at + j);
      }
    }
  }

  @Override
  public void hadamard(Floats x, int rows, int stride) {
    float[] array = x.array();
    int end = x.at() + rows * stride;
    for (int h = stride; h < rows * stride; h *= 2) {
      for (int block = x.at(); block < end; block += 2 * h) {
        for (int i = block; i < block + h; i += WIDTH) {
          FloatVector a = FloatVector.fromArray(F, array, i);
          FloatVector b = FloatVector.fromArray(F, array, i + h);
          a.add(b).intoArray(array, i);
          a.sub(b).intoArray(array, i + h);
        }
      }
    }
  }
}
