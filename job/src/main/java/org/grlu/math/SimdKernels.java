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
 *
 * <p>Loops call the API itself, not methods of our own around it: a compiler inlines those only as
 * far as its budget goes, and vectors that pass through a call are boxed. No constant vectors
 * either: a loop that starts from one keeps it boxed.
 */
final class SimdKernels extends SimdSums {
  @Override
  public void sparseProduct(
      int[] index, float[] value, int from, int to, float[] w, int stride, float[] out, int at) {
    int j = 0;
    // sixteen sums take the 32 registers that come with 512-bit vectors
    for (; WIDTH == LANES && j + 16 * WIDTH <= stride; j += 16 * WIDTH) {
      SimdSparse.product16(index, value, from, to, w, stride, out, at, j);
    }
    for (; j + 8 * WIDTH <= stride; j += 8 * WIDTH) {
      SimdSparse.product8(index, value, from, to, w, stride, out, at, j);
    }
    for (; j < stride; j += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = from; k < to; k++) {
        sum =
            FloatVector.fromArray(F, w, index[k] * stride + j)
                .fma(FloatVector.broadcast(F, value[k]), sum);
      }
      sum.intoArray(out, at + j);
    }
  }

  @Override
  public void sparseUpdate(
      int[] index, float[] value, int from, int to, float[] c, int at, float[] w, int stride) {
    int j = 0;
    for (; j + 8 * WIDTH <= stride; j += 8 * WIDTH) {
      SimdSparse.update8(index, value, from, to, c, at, w, stride, j);
    }
    for (; j < stride; j += WIDTH) {
      FloatVector cj = FloatVector.fromArray(F, c, at + j);
      for (int k = from; k < to; k++) {
        int row = index[k] * stride + j;
        FloatVector.fromArray(F, w, row).add(cj.mul(value[k])).intoArray(w, row);
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
      SimdColumns.eightRows(k, a, aAt + i * aRow, aRow, b, bAt, c, cAt + i * cRow, cRow);
    }
    for (; i + 8 <= m; i += 8) {
      SimdColumns.eightByOne(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    for (; i + 2 <= m; i += 2) {
      SimdColumns.twoByOne(
          k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    if (i < m) {
      SimdColumns.oneByOne(k, a, aAt + i * aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow);
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
        tj.fma(FloatVector.broadcast(F, s[sAt + i]), FloatVector.fromArray(F, c, at))
            .sub(qj)
            .intoArray(c, at);
      }
    }
  }

  @Override
  public void layerNorm(int inputs, float[] mean, float[] scale, int n) {
    FloatVector count = FloatVector.broadcast(F, inputs);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector m = FloatVector.fromArray(F, mean, i).div(count);
      FloatVector square = FloatVector.fromArray(F, scale, i).div(count);
      FloatVector variance = m.neg().fma(m, square);
      VectorMask<Float> constant = variance.compare(VectorOperators.LE, square.mul(CONSTANT));
      FloatVector deviation = variance.lanewise(VectorOperators.SQRT).add(EPSILON);
      m.intoArray(mean, i);
      FloatVector.broadcast(F, 1f).div(deviation).blend(0f, constant).intoArray(scale, i);
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
      FloatVector minusMean = FloatVector.broadcast(F, -mean[r]);
      FloatVector scales = FloatVector.broadcast(F, scale[r]);
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
      float[] z) {
    // two loops: a vector that is either broadcast or loaded would be boxed
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector minusMean = FloatVector.fromArray(F, mean, lane).neg();
      FloatVector scales = FloatVector.fromArray(F, scale, lane);
      FloatVector signs = FloatVector.broadcast(F, sign);
      for (int u = 0; shared && u < units; u++) {
        int at = u * lanes + lane;
        FloatVector x =
            FloatVector.fromArray(F, wh, at).fma(signs, FloatVector.broadcast(F, ws[u]));
        x = minusMean.fma(FloatVector.broadcast(F, wsum[u]), x);
        x.fma(scales, FloatVector.broadcast(F, bias[biasAt + u])).intoArray(z, at);
      }
      for (int u = 0; !shared && u < units; u++) {
        int at = u * lanes + lane;
        FloatVector x =
            FloatVector.fromArray(F, wh, at).fma(signs, FloatVector.fromArray(F, ws, at));
        x = minusMean.fma(FloatVector.broadcast(F, wsum[u]), x);
        x.fma(scales, FloatVector.broadcast(F, bias[biasAt + u])).intoArray(z, at);
      }
    }
  }

  @Override
  public void positive(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = FloatVector.fromArray(F, x, i).compare(VectorOperators.GT, 0f);
      FloatVector.zero(F).blend(1f, mask).intoArray(out, i);
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
      FloatVector fr = FloatVector.broadcast(F, f[r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, x, i).mul(fr).intoArray(out, i);
      }
    }
  }

  @Override
  public void addToRows(float[] f, float[] x, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      FloatVector fr = FloatVector.broadcast(F, f[r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, x, i).add(fr).intoArray(x, i);
      }
    }
  }

  @Override
  public void clear(float[] x, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.zero(F).intoArray(x, i);
    }
  }

  @Override
  public void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector v = FloatVector.broadcast(F, f);
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
      FloatVector gp = gated ? mp : FloatVector.broadcast(F, 1f);
      FloatVector gm = gated ? mm : FloatVector.broadcast(F, 1f);
      FloatVector e = FloatVector.fromArray(F, noise, i);
      FloatVector plus = e.fma(gp, FloatVector.fromArray(F, zPlus, i).mul(mp));
      FloatVector minus = e.neg().fma(gm, FloatVector.fromArray(F, zMinus, i).mul(mm));
      plus.add(minus).mul(0.5f).intoArray(s, i);
      plus.sub(minus).mul(0.5f).intoArray(h, i);
      e.mul(gp.add(gm).mul(0.5f)).intoArray(noise, i);
    }
  }
}
