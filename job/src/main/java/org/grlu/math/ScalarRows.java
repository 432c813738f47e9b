package org.grlu.math;

import java.util.Arrays;

/** The part of {@link ScalarKernels} for a single antithetic pair, units in lanes. */
abstract class ScalarRows extends ScalarSums {
  @Override
  public void pairMoments(Floats s, Floats h, int n, Floats out) {
    float[][] sums = new float[5][LANES];
    for (int i = 0; i < n; i++) {
      int lane = i % LANES;
      float a = s.get(i);
      float b = h.get(i);
      sums[0][lane] += a;
      sums[1][lane] = Math.fma(a, a, sums[1][lane]);
      sums[2][lane] += b;
      sums[3][lane] = Math.fma(a, b, sums[3][lane]);
      sums[4][lane] = Math.fma(b, b, sums[4][lane]);
    }
    for (int i = 0; i < sums.length; i++) {
      out.set(i, fold(sums[i]));
    }
  }

  @Override
  public void dots(Floats x, Floats w, int rows, int stride, Floats out) {
    float[] sums = new float[LANES];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(sums, 0f);
      for (int j = 0; j < stride; j++) {
        int lane = j % LANES;
        sums[lane] = Math.fma(x.get(j), w.get(i * stride + j), sums[lane]);
      }
      out.set(i, fold(sums));
    }
  }

  @Override
  public void pairTimes(Floats s, Floats h, int rows, Floats w, int wAt, int stride, Floats out) {
    float[] ws = new float[4];
    float[] wh = new float[4];
    float[] w1 = new float[4];
    for (int j = 0; j < stride; j++) {
      for (int q = 0; q < 4; q++) {
        ws[q] = 0;
        wh[q] = 0;
        w1[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          float x = w.get(wAt + i * stride + j);
          ws[q] = Math.fma(x, s.get(i), ws[q]);
          wh[q] = Math.fma(x, h.get(i), wh[q]);
          w1[q] += x;
        }
      }
      out.set(j, out.get(j) + inQuarters(ws));
      out.set(stride + j, out.get(stride + j) + inQuarters(wh));
      out.set(2 * stride + j, out.get(2 * stride + j) + inQuarters(w1));
    }
  }

  @Override
  public void addOuter(float factor, Floats x, int rows, Floats y, int stride, Floats c, int at) {
    for (int i = 0; i < rows; i++) {
      int row = at + i * stride;
      for (int j = 0; j < stride; j++) {
        c.set(row + j, Math.fma(x.get(i) * y.get(j), factor, c.get(row + j)));
      }
    }
  }

  @Override
  public void scatterRows(
      int[] row, int[] to, float[] f, int n, Floats w, int wAt, int stride, Floats out, int width) {
    for (int k = 0; k < n; k++) {
      addScaled(f[k], w, wAt + row[k] * stride, out, to[k] * width, stride);
    }
  }

  @Override
  public void hadamard(Floats x, int rows, int stride) {
    float[] array = x.array();
    int end = x.at() + rows * stride;
    for (int h = stride; h < rows * stride; h *= 2) {
      for (int block = x.at(); block < end; block += 2 * h) {
        for (int i = block; i < block + h; i++) {
          float a = array[i];
          float b = array[i + h];
          array[i] = a + b;
          array[i + h] = a - b;
        }
      }
    }
  }
}
