package org.grlu.math;

import java.util.Arrays;

/** The part of {@link ScalarKernels} that draws random numbers, and needs elementary functions. */
abstract class ScalarNoise implements Kernels {
  private static float uniform(int bits) {
    return Math.fma((float) (bits >>> 1), 0x1p-31f, 0x1p-32f);
  }

  /** Unit u of {@link Kernels#gaussian}'s row. */
  private static float gaussian(int key0, int key1, float scale, int unit) {
    int counter = unit / (2 * LANES) * (2 * LANES) + 2 * (unit % LANES);
    float square = Functions.squaredRadius(uniform(Hash.of(counter, key0, key1)));
    float radius = (float) Math.sqrt(square) * scale;
    int turns = Hash.of(counter + 1, key0, key1);
    boolean second = unit / LANES % 2 == 1;
    return radius * Functions.cosine(second ? turns - Functions.QUARTER : turns);
  }

  private static float gumbel(int key0, int key1, int unit) {
    float uniform = ((Hash.of(unit, key0, key1) >>> 9) + 0.5f) * 0x1p-23f;
    float exponential = Functions.squaredRadius(uniform) * 0.5f;
    return -Functions.log(exponential) + exponential * 0f;
  }

  @Override
  public void gaussian(long key, float scale, float[] out, int at, int units) {
    for (int j = 0; j < units; j++) {
      out[at + j] = gaussian((int) key, (int) (key >>> 32), scale, j);
    }
    Arrays.fill(out, at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void gumbel(long key, float[] out, int at, int units) {
    for (int j = 0; j < units; j++) {
      out[at + j] = gumbel((int) key, (int) (key >>> 32), j);
    }
    Arrays.fill(out, at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void gaussians(int[] low, int[] high, float scale, int units, int lanes, float[] out) {
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        out[u * lanes + r] = gaussian(low[r], high[r], scale, u);
      }
    }
  }

  @Override
  public void rademachers(int[] low, int[] high, float scale, int units, int lanes, float[] out) {
    int positive = Float.floatToRawIntBits(scale);
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        int sign = Hash.of(u, low[r], high[r]) & 0x80000000;
        out[u * lanes + r] = Float.intBitsToFloat(positive ^ sign);
      }
    }
  }

  @Override
  public void gumbels(int[] low, int[] high, int units, int lanes, float[] out) {
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        out[u * lanes + r] = gumbel(low[r], high[r], u);
      }
    }
  }

  @Override
  public void countBelow(float[] x, int rows, int lanes, float[] threshold, int[] count) {
    for (int r = 0; r < lanes; r++) {
      int n = 0;
      for (int i = r; i < rows * lanes; i += lanes) {
        n += Float.floatToRawIntBits(x[i] - threshold[r]) >>> 31;
      }
      count[r] = n;
    }
  }

  @Override
  public void atLeast(float[] x, int rows, int lanes, float[] threshold, float[] out) {
    for (int i = 0; i < rows * lanes; i++) {
      out[i] = 1 - (Float.floatToRawIntBits(x[i] - threshold[i % lanes]) >>> 31);
    }
  }

  @Override
  public void labelProbability(float[] z, int units, int lanes, int label, float[] out) {
    for (int r = 0; r < lanes; r++) {
      float max = z[r];
      for (int u = 1; u < units; u++) {
        max = Math.max(max, z[u * lanes + r]);
      }
      float sum = 0;
      for (int u = 0; u < units; u++) {
        z[u * lanes + r] = Functions.exp(z[u * lanes + r] - max);
        sum += z[u * lanes + r];
      }
      out[r] = z[label * lanes + r] / sum;
    }
  }

  @Override
  public void log(float[] x, float floor, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Functions.log(x[i] + floor) + x[i] * 0f;
    }
  }
}
