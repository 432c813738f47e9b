package org.grlu.math;

/** The part of {@link ScalarKernels} that draws random numbers, and needs elementary functions. */
abstract class ScalarNoise implements Kernels {
  /**
   * Unit u of {@link Kernels#gaussian}'s row. With s and c the sine and cosine of half an angle,
   * times sqrt(2 scale), that of the whole one is s c and its cosine, turned round, s^2 - scale.
   */
  private static float gaussian(int key0, int key1, float scale, int unit) {
    int counter = unit / (2 * LANES) * LANES + unit % LANES;
    int state = Hash.state(counter, key0, key1);
    float turns = state * Hash.MULTIPLIER3 * 0x1p-31f;
    float square = Functions.squaredRadius(((state * Hash.MULTIPLIER2) >>> 1) | 1);
    float radius = (float) Math.sqrt(square);
    float root = (float) Math.sqrt(scale);
    float sine = Functions.sine(turns, root);
    boolean second = unit / LANES % 2 == 1;
    return radius * (second ? sine * Functions.cosine(turns, root) : Math.fma(sine, sine, -scale));
  }

  private static float gumbel(int key0, int key1, int unit) {
    float uniform = ((Hash.of(unit, key0, key1) >>> 9) + 0.5f) * 0x1p-23f;
    float exponential = Functions.minusTwiceLog(uniform) * 0.5f;
    return -Functions.log(exponential) + exponential * 0f;
  }

  @Override
  public void gaussian(long key, float scale, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    for (int j = 0; j < units; j++) {
      outArray[outFrom + j] = gaussian((int) key, (int) (key >>> 32), scale, j);
    }
    out.fill(at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void rademacher(long key, float scale, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int positive = Float.floatToRawIntBits(scale);
    for (int j = 0; j < units; j++) {
      int sign = Hash.of(j, (int) key, (int) (key >>> 32)) & 0x80000000;
      outArray[outFrom + j] = Float.intBitsToFloat(positive ^ sign);
    }
    out.fill(at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void gumbel(long key, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    for (int j = 0; j < units; j++) {
      outArray[outFrom + j] = gumbel((int) key, (int) (key >>> 32), j);
    }
    out.fill(at + units, at + Kernels.padded(units), 0f);
  }

  @Override
  public void gaussians(int[] low, int[] high, float scale, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        outArray[outFrom + u * lanes + r] = gaussian(low[r], high[r], scale, u);
      }
    }
  }

  @Override
  public void rademachers(int[] low, int[] high, float scale, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int outFrom = out.at();
    int positive = Float.floatToRawIntBits(scale);
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        int sign = Hash.of(u, low[r], high[r]) & 0x80000000;
        outArray[outFrom + u * lanes + r] = Float.intBitsToFloat(positive ^ sign);
      }
    }
  }

  @Override
  public void gumbels(int[] low, int[] high, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        outArray[outFrom + u * lanes + r] = gumbel(low[r], high[r], u);
      }
    }
  }

  @Override
  public void countBelow(Floats x, int rows, int lanes, Floats threshold, int[] count) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] thresholdArray = threshold.array();
    int thresholdFrom = threshold.at();
    for (int r = 0; r < lanes; r++) {
      int n = 0;
      for (int i = r; i < rows * lanes; i += lanes) {
        n += Float.floatToRawIntBits(xArray[xFrom + i] - thresholdArray[thresholdFrom + r]) >>> 31;
      }
      count[r] = n;
    }
  }

  @Override
  public void atLeast(Floats x, int rows, int lanes, Floats threshold, Floats out) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] thresholdArray = threshold.array();
    int thresholdFrom = threshold.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < rows * lanes; i++) {
      outArray[outFrom + i] =
          1
              - (Float.floatToRawIntBits(
                      xArray[xFrom + i] - thresholdArray[thresholdFrom + i % lanes])
                  >>> 31);
    }
  }

  @Override
  public void labelProbability(Floats z, int units, int lanes, int label, Floats out) {
    float[] zArray = z.array();
    int zFrom = z.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int r = 0; r < lanes; r++) {
      float max = zArray[zFrom + r];
      for (int u = 1; u < units; u++) {
        max = Math.max(max, zArray[zFrom + u * lanes + r]);
      }
      float sum = 0;
      for (int u = 0; u < units; u++) {
        zArray[zFrom + u * lanes + r] = Functions.exp(zArray[zFrom + u * lanes + r] - max);
        sum += zArray[zFrom + u * lanes + r];
      }
      outArray[outFrom + r] = zArray[zFrom + label * lanes + r] / sum;
    }
  }

  @Override
  public void log(Floats x, float floor, Floats out, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i++) {
      outArray[outFrom + i] = Functions.log(xArray[xFrom + i] + floor) + xArray[xFrom + i] * 0f;
    }
  }
}
