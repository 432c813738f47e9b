package org.grlu.math;

import java.util.Arrays;

/** {@link Kernels} in plain Java: what every JVM can run, and what the SIMD kernels are held to. */
final class ScalarKernels extends ScalarNoise {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void clear(float[] x, int n) {
    Arrays.fill(x, 0, n, 0f);
  }

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
  public void rowSums(float[] x, int at, int stride, int rows, float[] sum, float[] square) {
    float[] lanes = new float[LANES];
    for (int r = 0; r < rows; r++) {
      int row = at + r * stride;
      sum[r] = sum(x, row, stride, lanes);
      square[r] = dot(x, row, x, row, stride, lanes);
    }
  }

  /** The first term of quarter {@code q} of {@code n} terms; n for q = 4. */
  private static int quarter(int q, int n) {
    return q == 4 ? n : q * (n / 4);
  }

  private static float inQuarters(float[] four) {
    return (four[0] + four[1]) + (four[2] + four[3]);
  }

  @Override
  public void laneSums(float[] x, int rows, int lanes, float[] sum, float[] square) {
    float[] a = new float[4];
    float[] b = new float[4];
    for (int r = 0; r < lanes; r++) {
      for (int q = 0; q < 4; q++) {
        a[q] = 0;
        b[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          float v = x[i * lanes + r];
          a[q] += v;
          b[q] = Math.fma(v, v, b[q]);
        }
      }
      sum[r] = inQuarters(a);
      square[r] = inQuarters(b);
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
    float[] a = new float[4];
    float[] b = new float[4];
    float[] c = new float[4];
    for (int r = 0; r < lanes; r++) {
      for (int q = 0; q < 4; q++) {
        a[q] = 0;
        b[q] = 0;
        c[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          float v = h[i * lanes + r];
          a[q] += v;
          b[q] = Math.fma(shared ? s[i] : s[i * lanes + r], v, b[q]);
          c[q] = Math.fma(v, v, c[q]);
        }
      }
      sum[r] = inQuarters(a);
      cross[r] = inQuarters(b);
      square[r] = inQuarters(c);
    }
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
    float[] chain = new float[4];
    for (int j = 0; j < stride; j++) {
      for (int q = 0; q < 4; q++) {
        chain[q] = 0;
        for (int i = quarter(q, rows); i < quarter(q + 1, rows); i++) {
          chain[q] = Math.fma(x[xAt + i * xStep], w[wAt + i * stride + j], chain[q]);
        }
      }
      out[at + j] += inQuarters(chain);
    }
  }

  @Override
  public void rowProducts(float[] x, int rows, int lanes, float[] v, int n, float[] out, int at) {
    for (int i = 0; i < rows; i++) {
      float sum = 0;
      for (int r = 0; r < n; r++) {
        sum = Math.fma(x[i * lanes + r], v[r], sum);
      }
      out[at + i] = sum;
    }
  }

  @Override
  public void sparseProduct(
      int[] index, float[] value, int from, int to, float[] w, int stride, float[] out, int at) {
    Arrays.fill(out, at, at + stride, 0f);
    for (int k = from; k < to; k++) {
      addScaled(value[k], w, index[k] * stride, out, at, stride);
    }
  }

  @Override
  public void sparseUpdate(
      int[] index, float[] value, int from, int to, float[] c, int at, float[] w, int stride) {
    for (int k = from; k < to; k++) {
      float f = value[k];
      int row = index[k] * stride;
      for (int j = 0; j < stride; j++) {
        w[row + j] += f * c[at + j];
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
    for (int i = 0; i < m; i++) {
      for (int inner = 0; inner < k; inner++) {
        float f = a[aAt + i * aRow + inner * aColumn];
        addScaled(f, b, bAt + inner * bRow, c, cAt + i * cRow, n);
      }
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
    for (int i = 0; i < rows; i++) {
      int row = cAt + i * stride;
      for (int j = 0; j < stride; j++) {
        c[row + j] = Math.fma(s[sAt + i], t[tAt + j], c[row + j]) - q[qAt + j];
      }
    }
  }

  @Override
  public void columnSums(float[] w, int rows, int stride, float[] out) {
    Arrays.fill(out, 0, stride, 0f);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < stride; j++) {
        out[j] += w[i * stride + j];
      }
    }
  }

  @Override
  public void layerNorm(int inputs, float[] mean, float[] scale, int n) {
    for (int i = 0; i < n; i++) {
      mean[i] /= inputs;
      float meanSquare = scale[i] / inputs;
      float variance = Math.fma(-mean[i], mean[i], meanSquare);
      boolean constant = variance <= CONSTANT * meanSquare;
      scale[i] = constant ? 0f : 1f / ((float) Math.sqrt(variance) + EPSILON);
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
      for (int j = 0; j < stride; j++) {
        float x = Math.fma(-mean[r], wsum[j], z[r * stride + j]);
        z[r * stride + j] = Math.fma(scale[r], x, bias[biasAt + j]);
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
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        float x = Math.fma(sign, wh[u * lanes + r], shared ? ws[u] : ws[u * lanes + r]);
        x = Math.fma(-mean[r], wsum[u], x);
        z[u * lanes + r] = Math.fma(scale[r], x, bias[biasAt + u]);
      }
    }
  }

  @Override
  public void positive(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i] > 0f ? 1f : 0f;
    }
  }

  @Override
  public void multiply(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] * b[i];
    }
  }

  @Override
  public void scaleRows(float[] x, float[] f, float[] out, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        out[r * stride + j] = x[r * stride + j] * f[r];
      }
    }
  }

  @Override
  public void addToRows(float[] f, float[] x, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        x[r * stride + j] += f[r];
      }
    }
  }

  @Override
  public void addScaled(float f, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.fma(f, x[xAt + i], y[yAt + i]);
    }
  }

  @Override
  public void add(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += x[i];
    }
  }

  @Override
  public void combine(
      float[] f, float[] s, float[] g, float[] h, float[] q, int rows, int lanes, float[] out) {
    for (int i = 0; i < rows; i++) {
      for (int r = 0; r < lanes; r++) {
        int element = i * lanes + r;
        out[element] = Math.fma(f[r], s[element], g[r] * h[element]) - q[r];
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
    for (int i = 0; i < n; i++) {
      float gatePlus = gated ? maskPlus[i] : 1f;
      float gateMinus = gated ? maskMinus[i] : 1f;
      float plus = Math.fma(noise[i], gatePlus, zPlus[i] * maskPlus[i]);
      float minus = Math.fma(-noise[i], gateMinus, zMinus[i] * maskMinus[i]);
      s[i] = 0.5f * (plus + minus);
      h[i] = 0.5f * (plus - minus);
      noise[i] *= 0.5f * (gatePlus + gateMinus);
    }
  }
}
