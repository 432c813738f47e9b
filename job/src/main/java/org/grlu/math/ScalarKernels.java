package org.grlu.math;

import java.util.Arrays;

/** {@link Kernels} in plain Java: what every JVM can run, and what the SIMD kernels are held to. */
final class ScalarKernels implements Kernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void gaussian(long key, float scale, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int padded = Kernels.padded(units);
    for (int block = 0; block < padded; block += 2 * LANES) {
      boolean both = block + LANES < padded;
      for (int lane = 0; lane < LANES; lane++) {
        int counter = block + 2 * lane;
        int bits = Hash.of(counter, key0, key1) >>> 1;
        float uniform = Math.fma((float) bits, 0x1p-31f, 0x1p-32f);
        float radius = (float) Math.sqrt(-2f * Functions.log(uniform)) * scale;
        int turns = Hash.of(counter + 1, key0, key1);
        out[at + block + lane] = radius * Functions.cosine(turns);
        if (both) {
          out[at + block + LANES + lane] = radius * Functions.cosine(turns - 0x40000000);
        }
      }
    }
    Arrays.fill(out, at + units, at + padded, 0f);
  }

  @Override
  public void rademacher(long key, float scale, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int positive = Float.floatToRawIntBits(scale);
    for (int j = 0; j < units; j++) {
      out[at + j] = Float.intBitsToFloat(positive ^ (Hash.of(j, key0, key1) & 0x80000000));
    }
    Arrays.fill(out, at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void gumbel(long key, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    for (int j = 0; j < units; j++) {
      float uniform = ((Hash.of(j, key0, key1) >>> 9) + 0.5f) * 0x1p-23f;
      out[at + j] = -Functions.log(-Functions.log(uniform));
    }
    Arrays.fill(out, at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public int countAtLeast(float[] x, int at, int n, float threshold) {
    int count = 0;
    for (int i = at; i < at + n; i++) {
      count += x[i] >= threshold ? 1 : 0;
    }
    return count;
  }

  @Override
  public void atLeast(float[] x, int at, int n, float threshold, float[] out, int outAt) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] = x[at + i] >= threshold ? 1f : 0f;
    }
  }

  @Override
  public float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
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

  @Override
  public void pairSums(
      float[] s,
      int sStride,
      float[] h,
      int stride,
      int rows,
      float[] sum,
      float[] cross,
      float[] square) {
    float[] lanes = new float[LANES];
    for (int r = 0; r < rows; r++) {
      sum[r] = sum(h, r * stride, stride, lanes);
      cross[r] = dot(s, r * sStride, h, r * stride, stride, lanes);
      square[r] = dot(h, r * stride, h, r * stride, stride, lanes);
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
  public void normalise(
      float[] ws,
      int wsStride,
      float[] wh,
      float sign,
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
        float x = Math.fma(sign, wh[r * stride + j], ws[r * wsStride + j]);
        x = Math.fma(-mean[r], wsum[j], x);
        z[r * stride + j] = Math.fma(scale[r], x, bias[biasAt + j]);
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
  public void multiplyRows(float[] x, float[] y, float[] out, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        out[r * stride + j] = x[r * stride + j] * y[j];
      }
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
      float[] f, float[] s, float[] g, float[] h, float[] q, int rows, int stride, float[] out) {
    for (int r = 0; r < rows; r++) {
      for (int i = r * stride; i < (r + 1) * stride; i++) {
        out[i] = Math.fma(f[r], s[i], g[r] * h[i]) - q[r];
      }
    }
  }

  @Override
  public void labelProbability(float[] z, int rows, int stride, int units, int label, float[] out) {
    float[] lanes = new float[LANES];
    for (int r = 0; r < rows; r++) {
      int row = r * stride;
      float max = z[row];
      for (int j = 1; j < units; j++) {
        max = Math.max(max, z[row + j]);
      }
      Arrays.fill(lanes, 0f);
      for (int j = 0; j < units; j++) {
        lanes[j % LANES] += Functions.exp(z[row + j] - max);
      }
      out[r] = Functions.exp(z[row + label] - max) / fold(lanes);
    }
  }

  @Override
  public void log(float[] x, float floor, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Functions.log(x[i] + floor) + x[i] * 0f;
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
