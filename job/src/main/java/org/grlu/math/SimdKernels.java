package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Kernels} on the processor's vectors of up to sixteen floats. Loaded by name only where the
 * module {@code jdk.incubator.vector} is.
 *
 * <p>No {@code reduceLanes}, whose order is not defined, and no vector {@code EXP}, {@code LOG} or
 * {@code SIN}, whose bits differ between interpreted and compiled code: see {@link Functions}.
 */
final class SimdKernels extends SimdSums {
  @Override
  public void sparseProduct(
      int[] index, float[] value, int from, int to, float[] w, int stride, float[] out, int at) {
    int j = 0;
    for (; j + 8 * WIDTH <= stride; j += 8 * WIDTH) {
      sparseProduct8(index, value, from, to, w, stride, out, at, j);
    }
    for (; j < stride; j += WIDTH) {
      FloatVector sum = zero();
      for (int k = from; k < to; k++) {
        sum = FloatVector.fromArray(F, w, index[k] * stride + j).fma(f(value[k]), sum);
      }
      sum.intoArray(out, at + j);
    }
  }

  private static void sparseProduct8(
      int[] index,
      float[] value,
      int from,
      int to,
      float[] w,
      int stride,
      float[] out,
      int at,
      int j) {
    FloatVector s0 = zero();
    FloatVector s1 = zero();
    FloatVector s2 = zero();
    FloatVector s3 = zero();
    FloatVector s4 = zero();
    FloatVector s5 = zero();
    FloatVector s6 = zero();
    FloatVector s7 = zero();
    for (int k = from; k < to; k++) {
      FloatVector v = f(value[k]);
      int row = index[k] * stride + j;
      s0 = FloatVector.fromArray(F, w, row).fma(v, s0);
      s1 = FloatVector.fromArray(F, w, row + WIDTH).fma(v, s1);
      s2 = FloatVector.fromArray(F, w, row + 2 * WIDTH).fma(v, s2);
      s3 = FloatVector.fromArray(F, w, row + 3 * WIDTH).fma(v, s3);
      s4 = FloatVector.fromArray(F, w, row + 4 * WIDTH).fma(v, s4);
      s5 = FloatVector.fromArray(F, w, row + 5 * WIDTH).fma(v, s5);
      s6 = FloatVector.fromArray(F, w, row + 6 * WIDTH).fma(v, s6);
      s7 = FloatVector.fromArray(F, w, row + 7 * WIDTH).fma(v, s7);
    }
    s0.intoArray(out, at + j);
    s1.intoArray(out, at + j + WIDTH);
    s2.intoArray(out, at + j + 2 * WIDTH);
    s3.intoArray(out, at + j + 3 * WIDTH);
    s4.intoArray(out, at + j + 4 * WIDTH);
    s5.intoArray(out, at + j + 5 * WIDTH);
    s6.intoArray(out, at + j + 6 * WIDTH);
    s7.intoArray(out, at + j + 7 * WIDTH);
  }

  @Override
  public void sparseUpdate(
      int[] index, float[] value, int from, int to, float[] c, int at, float[] w, int stride) {
    for (int k = from; k < to; k++) {
      FloatVector v = f(value[k]);
      int row = index[k] * stride;
      for (int j = 0; j < stride; j += WIDTH) {
        FloatVector.fromArray(F, w, row + j)
            .add(FloatVector.fromArray(F, c, at + j).mul(v))
            .intoArray(w, row + j);
      }
    }
  }

  @Override
  public void multiplyAdd(
      int m,
      int n,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int j = 0;
    for (; j + 4 * WIDTH <= n; j += 4 * WIDTH) {
      int i = 0;
      for (; i + 4 <= m; i += 4) {
        SimdBlocks.fourByFour(
            k, a, aAt + i * aRow, aRow, aColumn, b, bAt + j, bRow, c, cAt + i * cRow + j, cRow);
      }
      if (i + 2 <= m) {
        SimdBlocks.twoByFour(
            k, a, aAt + i * aRow, aRow, aColumn, b, bAt + j, bRow, c, cAt + i * cRow + j, cRow);
        i += 2;
      }
      if (i < m) {
        SimdBlocks.oneByFour(
            k, a, aAt + i * aRow, aColumn, b, bAt + j, bRow, c, cAt + i * cRow + j);
      }
    }
    if (j + 2 * WIDTH <= n) {
      twoVectors(m, k, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cAt + j, cRow);
      j += 2 * WIDTH;
    }
    if (j < n) {
      oneVector(m, k, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cAt + j, cRow);
    }
  }

  private static void twoVectors(
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int i = 0;
    for (; i + 8 <= m; i += 8) {
      SimdBlocks.eightByTwo(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    for (; i + 2 <= m; i += 2) {
      SimdBlocks.twoByTwo(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    if (i < m) {
      SimdBlocks.oneByTwo(k, a, aAt + i * aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow);
    }
  }

  private static void oneVector(
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    boolean known = aColumn == 1 && bRow == LANES;
    int i = 0;
    for (; known && i + 8 <= m; i += 8) {
      SimdBlocks.eightRows(k, a, aAt + i * aRow, aRow, b, bAt, c, cAt + i * cRow, cRow);
    }
    for (; i + 8 <= m; i += 8) {
      SimdBlocks.eightByOne(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    for (; i + 2 <= m; i += 2) {
      SimdBlocks.twoByOne(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    if (i < m) {
      SimdBlocks.oneByOne(k, a, aAt + i * aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow);
    }
  }

  @Override
  public void rankOne(
      int rows,
      int stride,
      float[] s,
      int sAt,
      float[] t,
      int tAt,
      float[] q,
      int qAt,
      float[] c,
      int cAt) {
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector tj = FloatVector.fromArray(F, t, tAt + j);
      FloatVector qj = FloatVector.fromArray(F, q, qAt + j);
      for (int i = 0; i < rows; i++) {
        int at = cAt + i * stride + j;
        tj.fma(f(s[sAt + i]), FloatVector.fromArray(F, c, at)).sub(qj).intoArray(c, at);
      }
    }
  }

  @Override
  public void normalise(
      float[] mean,
      float[] scale,
      float[] wsum,
      float[] bias,
      int biasAt,
      int rows,
      int stride,
      float[] z) {
    for (int r = 0; r < rows; r++) {
      FloatVector minusMean = f(-mean[r]);
      FloatVector scales = f(scale[r]);
      for (int j = 0; j < stride; j += WIDTH) {
        FloatVector x = FloatVector.fromArray(F, z, r * stride + j);
        x = FloatVector.fromArray(F, wsum, j).fma(minusMean, x);
        x.fma(scales, FloatVector.fromArray(F, bias, biasAt + j)).intoArray(z, r * stride + j);
      }
    }
  }

  @Override
  public void normalisePairs(
      float[] ws,
      boolean shared,
      float[] wh,
      float sign,
      float[] mean,
      float[] scale,
      float[] wsum,
      float[] bias,
      int biasAt,
      int units,
      int lanes,
      float[] noise,
      float[] z) {
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector minusMean = FloatVector.fromArray(F, mean, lane).mul(-1f);
      FloatVector scales = FloatVector.fromArray(F, scale, lane);
      for (int u = 0; u < units; u++) {
        int at = u * lanes + lane;
        FloatVector s = shared ? f(ws[u]) : FloatVector.fromArray(F, ws, at);
        FloatVector x = FloatVector.fromArray(F, wh, at).fma(f(sign), s);
        x = minusMean.fma(f(wsum[u]), x);
        x = x.fma(scales, f(bias[biasAt + u]));
        if (noise != null) {
          x = FloatVector.fromArray(F, noise, at).fma(f(sign), x);
        }
        x.intoArray(z, at);
      }
    }
  }

  @Override
  public void positive(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = FloatVector.fromArray(F, x, i).compare(VectorOperators.GT, 0f);
      zero().blend(1f, mask).intoArray(out, i);
    }
  }

  @Override
  public void multiply(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, a, i).mul(FloatVector.fromArray(F, b, i)).intoArray(out, i);
    }
  }

  @Override
  public void scaleRows(float[] x, float[] f, float[] out, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      FloatVector fr = f(f[r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, x, i).mul(fr).intoArray(out, i);
      }
    }
  }

  @Override
  public void addToRows(float[] f, float[] x, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      FloatVector fr = f(f[r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, x, i).add(fr).intoArray(x, i);
      }
    }
  }

  @Override
  public void clear(float[] x, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      zero().intoArray(x, i);
    }
  }

  @Override
  public void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector v = f(f);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, x, xAt + i)
          .fma(v, FloatVector.fromArray(F, y, yAt + i))
          .intoArray(y, yAt + i);
    }
  }

  @Override
  public void add(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, y, i).add(FloatVector.fromArray(F, x, i)).intoArray(y, i);
    }
  }

  @Override
  public void combine(
      float[] f, float[] s, float[] g, float[] h, float[] q, int rows, int lanes, float[] out) {
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector fr = FloatVector.fromArray(F, f, lane);
      FloatVector gr = FloatVector.fromArray(F, g, lane);
      FloatVector qr = FloatVector.fromArray(F, q, lane);
      for (int i = 0; i < rows; i++) {
        int at = i * lanes + lane;
        FloatVector gh = FloatVector.fromArray(F, h, at).mul(gr);
        FloatVector.fromArray(F, s, at).fma(fr, gh).sub(qr).intoArray(out, at);
      }
    }
  }

  @Override
  public void activatePair(
      float[] zPlus,
      float[] maskPlus,
      float[] zMinus,
      float[] maskMinus,
      boolean gated,
      float[] noise,
      int n,
      float[] s,
      float[] h) {
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector mp = FloatVector.fromArray(F, maskPlus, i);
      FloatVector mm = FloatVector.fromArray(F, maskMinus, i);
      FloatVector gp = gated ? mp : f(1f);
      FloatVector gm = gated ? mm : f(1f);
      FloatVector e = FloatVector.fromArray(F, noise, i);
      FloatVector plus = e.fma(gp, FloatVector.fromArray(F, zPlus, i).mul(mp));
      FloatVector minus = e.neg().fma(gm, FloatVector.fromArray(F, zMinus, i).mul(mm));
      plus.add(minus).mul(0.5f).intoArray(s, i);
      plus.sub(minus).mul(0.5f).intoArray(h, i);
      e.mul(gp.add(gm).mul(0.5f)).intoArray(noise, i);
    }
  }
}
