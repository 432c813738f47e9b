package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The part of {@link SimdKernels} that draws random numbers, and needs elementary functions. */
abstract class SimdNoise implements Kernels {
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.length() > LANES
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  static final VectorSpecies<Integer> I =
      IntVector.SPECIES_PREFERRED.length() > LANES
          ? IntVector.SPECIES_512
          : IntVector.SPECIES_PREFERRED;

  static final int WIDTH = F.length();

  @Override
  public String name() {
    return "simd " + F.vectorBitSize();
  }

  private static IntVector hash(IntVector start, IntVector key1) {
    IntVector x =
        start.lanewise(VectorOperators.XOR, start.lanewise(VectorOperators.LSHR, Hash.SHIFT1));
    x = x.mul(Hash.MULTIPLIER1).add(key1);
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT2));
    x = x.mul(Hash.MULTIPLIER2);
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT3));
  }

  private static FloatVector toFloat(IntVector x) {
    return (FloatVector) x.convert(VectorOperators.I2F, 0);
  }

  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(Functions.EXP_LOWEST);
    FloatVector round = FloatVector.broadcast(F, Functions.ROUND);
    FloatVector shifted = bounded.fma(FloatVector.broadcast(F, Functions.LOG2_E), round);
    FloatVector n = shifted.sub(round);
    FloatVector r = n.fma(FloatVector.broadcast(F, -Functions.LN2_HIGH), bounded);
    r = n.fma(FloatVector.broadcast(F, -Functions.LN2_LOW), r);
    FloatVector p =
        r.fma(FloatVector.broadcast(F, Functions.EXP0), FloatVector.broadcast(F, Functions.EXP1));
    p = p.fma(r, FloatVector.broadcast(F, Functions.EXP2));
    p = p.fma(r, FloatVector.broadcast(F, Functions.EXP3));
    p = p.fma(r, FloatVector.broadcast(F, Functions.EXP4));
    p = p.fma(r, FloatVector.broadcast(F, Functions.EXP5));
    FloatVector y = p.fma(r.mul(r), r).add(1f);
    // not convert(F2I), which JDK 17 runs element by element
    IntVector power = shifted.reinterpretAsInts().sub(Functions.ROUND_BITS - 127);
    return y.mul(power.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  /** Streams of a row's lanes, low and high halves of their keys. */
  private static final ThreadLocal<int[][]> ROW_KEYS =
      ThreadLocal.withInitial(() -> new int[2][LANES]);

  /** A row's key in each lane, with the lane's counter added. */
  private static int[][] rowKeys(long key) {
    int[][] keys = ROW_KEYS.get();
    for (int lane = 0; lane < LANES; lane++) {
      keys[0][lane] = (int) key + lane * Hash.STEP;
      keys[1][lane] = (int) (key >>> 32);
    }
    return keys;
  }

  @Override
  public void gaussian(long key, float scale, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int[][] keys = rowKeys(key);
    int padded = Kernels.padded(units);
    int seconds = padded / (2 * LANES);
    int rest = padded / LANES % 2;
    int last = outFrom + seconds * 2 * LANES;
    int[] low = keys[0];
    int[] high = keys[1];
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      int to = outFrom + lane;
      pairs(low, high, lane, 0, LANES, scale, seconds, outArray, to, 2 * LANES, 0, LANES);
      if (rest > 0) {
        pairs(low, high, lane, seconds * LANES, 0, scale, rest, outArray, last + lane, 0, 0, 0);
      }
    }
    out.fill(at + units, at + padded, 0f);
  }

  @Override
  public void gaussians(int[] low, int[] high, float scale, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int left = units % (2 * LANES);
    int both = units / (2 * LANES) * LANES + Math.max(0, left - LANES);
    int rest = Math.min(LANES, left) - Math.max(0, left - LANES);
    int last = (both + both / LANES * LANES) * lanes;
    int second = LANES * lanes;
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      int at = out.at() + lane;
      pairs(low, high, lane, 0, 1, scale, both, outArray, at, lanes, -LANES, second);
      if (rest > 0) {
        pairs(low, high, lane, both, 1, scale, rest, outArray, at + last, lanes, 0, 0);
      }
    }
  }

  /**
   * Pairs of Gaussian numbers as {@link ScalarNoise} makes them, pair i by counter {@code counter +
   * i step}: its first to {@code at + (i + (i & skip)) stride}, its second so much further; where
   * that is nowhere the first alone is left. Written out, and so longer than what C2 inlines: what
   * is too much for one graph it leaves out, and boxes.
   */
  private static void pairs(
      int[] low,
      int[] high,
      int lane,
      int counter,
      int step,
      float scale,
      int pairs,
      float[] out,
      int at,
      int stride,
      int skip,
      int second) {
    IntVector key0 = IntVector.fromArray(I, low, lane).add(counter * Hash.STEP);
    IntVector key1 = IntVector.fromArray(I, high, lane);
    FloatVector p0 = FloatVector.broadcast(F, Functions.RADIUS0);
    FloatVector p1 = FloatVector.broadcast(F, Functions.RADIUS1);
    FloatVector p2 = FloatVector.broadcast(F, Functions.RADIUS2);
    FloatVector p3 = FloatVector.broadcast(F, Functions.RADIUS3);
    FloatVector p4 = FloatVector.broadcast(F, Functions.RADIUS4);
    FloatVector p5 = FloatVector.broadcast(F, Functions.RADIUS5);
    FloatVector perPower = FloatVector.broadcast(F, Functions.TWO_LOG_EXPONENT);
    float root = (float) Math.sqrt(scale);
    FloatVector sin1 = FloatVector.broadcast(F, root * Functions.SIN1);
    FloatVector sin3 = FloatVector.broadcast(F, root * Functions.SIN3);
    FloatVector sin5 = FloatVector.broadcast(F, root * Functions.SIN5);
    FloatVector sin7 = FloatVector.broadcast(F, root * Functions.SIN7);
    FloatVector cos0 = FloatVector.broadcast(F, root * Functions.COS0);
    FloatVector cos2 = FloatVector.broadcast(F, root * Functions.COS2);
    FloatVector cos4 = FloatVector.broadcast(F, root * Functions.COS4);
    FloatVector cos6 = FloatVector.broadcast(F, root * Functions.COS6);
    FloatVector minusScale = FloatVector.broadcast(F, -scale);
    for (int i = 0; i < pairs; i++) {
      IntVector x = key0.add(i * step * Hash.STEP);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT1));
      x = x.mul(Hash.MULTIPLIER1).add(key1);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT2));
      FloatVector turns = toFloat(x.mul(Hash.MULTIPLIER3)).mul(0x1p-31f);
      x = x.mul(Hash.MULTIPLIER2).lanewise(VectorOperators.LSHR, 1).or(1);
      IntVector bits = toFloat(x).reinterpretAsInts().sub(Functions.RADIUS_BITS);
      FloatVector power = toFloat(bits.lanewise(VectorOperators.ASHR, 23));
      FloatVector m = bits.and(Functions.MANTISSA).or(Functions.ONE_BITS).reinterpretAsFloats();
      FloatVector p = p0.fma(m, p1).fma(m, p2).fma(m, p3).fma(m, p4).fma(m, p5);
      FloatVector radius = power.fma(perPower, p).lanewise(VectorOperators.SQRT);
      FloatVector square = turns.mul(turns);
      FloatVector sine = sin7.fma(square, sin5).fma(square, sin3).fma(square, sin1).mul(turns);
      FloatVector cosine = cos6.fma(square, cos4).fma(square, cos2).fma(square, cos0);
      // both before either is stored: C2 would take the root anew after the store
      FloatVector x0 = sine.fma(sine, minusScale).mul(radius);
      FloatVector x1 = sine.mul(cosine).mul(radius);
      int to = at + (i + (i & skip)) * stride;
      x1.intoArray(out, to + second);
      x0.intoArray(out, to);
    }
  }

  @Override
  public void rademachers(int[] low, int[] high, float scale, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int outFrom = out.at();
    int positive = Float.floatToRawIntBits(scale);
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      IntVector key0 = IntVector.fromArray(I, low, lane);
      IntVector key1 = IntVector.fromArray(I, high, lane);
      for (int u = 0; u < units; u++) {
        IntVector bits = hash(key0.add(u * Hash.STEP), key1);
        bits.and(0x80000000)
            .lanewise(VectorOperators.XOR, positive)
            .reinterpretAsFloats()
            .intoArray(outArray, outFrom + u * lanes + lane);
      }
    }
  }

  @Override
  public void rademacher(long key, float scale, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int positive = Float.floatToRawIntBits(scale);
    int padded = Kernels.padded(units);
    int[][] keys = rowKeys(key);
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      IntVector key0 = IntVector.fromArray(I, keys[0], lane);
      IntVector key1 = IntVector.fromArray(I, keys[1], lane);
      for (int u = 0; u < padded; u += LANES) {
        IntVector bits = hash(key0.add(u * Hash.STEP), key1);
        bits.and(0x80000000)
            .lanewise(VectorOperators.XOR, positive)
            .reinterpretAsFloats()
            .intoArray(outArray, outFrom + u + lane);
      }
    }
    out.fill(at + units, at + padded, 0f);
  }

  @Override
  public void gumbel(long key, Floats out, int at, int units) {
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int padded = Kernels.padded(units);
    int[][] keys = rowKeys(key);
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      exponentials(keys[0], keys[1], lane, LANES, padded / LANES, outArray, outFrom + lane, LANES);
    }
    logs(outArray, outFrom, 0f, -1f, outArray, outFrom, padded);
    out.fill(at + units, at + padded, 0f);
  }

  @Override
  public void gumbels(int[] low, int[] high, int units, int lanes, Floats out) {
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      exponentials(low, high, lane, 1, units, outArray, outFrom + lane, lanes);
    }
    logs(outArray, outFrom, 0f, -1f, outArray, outFrom, units * lanes);
  }

  /** -log(u) of uniform u, by half of {@link Functions#minusTwiceLog}: row i by counter i step. */
  private static void exponentials(
      int[] low, int[] high, int lane, int step, int rows, float[] out, int at, int stride) {
    IntVector key0 = IntVector.fromArray(I, low, lane);
    IntVector key1 = IntVector.fromArray(I, high, lane);
    FloatVector p0 = FloatVector.broadcast(F, Functions.TWO_LOG0);
    FloatVector p1 = FloatVector.broadcast(F, Functions.TWO_LOG1);
    FloatVector p2 = FloatVector.broadcast(F, Functions.TWO_LOG2);
    FloatVector p3 = FloatVector.broadcast(F, Functions.TWO_LOG3);
    FloatVector p4 = FloatVector.broadcast(F, Functions.TWO_LOG4);
    FloatVector p5 = FloatVector.broadcast(F, Functions.TWO_LOG5);
    FloatVector perPower = FloatVector.broadcast(F, Functions.TWO_LOG_EXPONENT);
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector perBit = FloatVector.broadcast(F, 0x1p-23f);
    for (int i = 0; i < rows; i++) {
      IntVector x = key0.add(i * step * Hash.STEP);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT1));
      x = x.mul(Hash.MULTIPLIER1).add(key1);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT2));
      x = x.mul(Hash.MULTIPLIER2);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, Hash.SHIFT3));
      x = x.lanewise(VectorOperators.LSHR, 9);
      IntVector bits = toFloat(x).add(half).mul(perBit).reinterpretAsInts();
      IntVector power = bits.sub(Functions.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      IntVector mantissa = bits.sub(power.lanewise(VectorOperators.LSHL, 23));
      FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
      FloatVector p = p0.fma(f, p1).fma(f, p2).fma(f, p3).fma(f, p4).fma(f, p5);
      toFloat(power).fma(perPower, p.mul(f)).mul(half).intoArray(out, at + i * stride);
    }
  }

  /** {@code out[i] = factor log(x[i] + floor)}, as {@link Functions#log}; NaN and infinity: NaN. */
  private static void logs(
      float[] x, int xAt, float floor, float factor, float[] out, int at, int n) {
    FloatVector p0 = FloatVector.broadcast(F, Functions.LOG0);
    FloatVector p1 = FloatVector.broadcast(F, Functions.LOG1);
    FloatVector p2 = FloatVector.broadcast(F, Functions.LOG2);
    FloatVector p3 = FloatVector.broadcast(F, Functions.LOG3);
    FloatVector p4 = FloatVector.broadcast(F, Functions.LOG4);
    FloatVector p5 = FloatVector.broadcast(F, Functions.LOG5);
    FloatVector p6 = FloatVector.broadcast(F, Functions.LOG6);
    FloatVector p7 = FloatVector.broadcast(F, Functions.LOG7);
    FloatVector p8 = FloatVector.broadcast(F, Functions.LOG8);
    FloatVector low = FloatVector.broadcast(F, Functions.LN2_LOW);
    FloatVector high = FloatVector.broadcast(F, Functions.LN2_HIGH);
    FloatVector half = FloatVector.broadcast(F, -0.5f);
    FloatVector factors = FloatVector.broadcast(F, factor);
    FloatVector floors = FloatVector.broadcast(F, floor);
    FloatVector none = FloatVector.zero(F);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + i);
      IntVector bits = v.add(floors).reinterpretAsInts();
      IntVector power = bits.sub(Functions.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector e = toFloat(power);
      IntVector mantissa = bits.sub(power.lanewise(VectorOperators.LSHL, 23));
      FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
      FloatVector square = f.mul(f);
      FloatVector p = p0.fma(f, p1).fma(f, p2).fma(f, p3).fma(f, p4);
      p = p.fma(f, p5).fma(f, p6).fma(f, p7).fma(f, p8);
      FloatVector y = e.fma(low, p.mul(f).mul(square));
      y = square.fma(half, y);
      FloatVector log = e.fma(high, f.add(y));
      log.mul(factors).add(v.mul(none)).intoArray(out, at + i);
    }
  }

  @Override
  public void log(Floats x, float floor, Floats out, int n) {
    logs(x.array(), x.at(), floor, 1f, out.array(), out.at(), n);
  }

  // By signs, since a mask takes several instructions to make and to add up.
  @Override
  public void countBelow(Floats x, int rows, int lanes, Floats threshold, int[] count) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] thresholdArray = threshold.array();
    int thresholdFrom = threshold.at();
    int lane = 0;
    for (; lane + 4 * WIDTH <= lanes; lane += 4 * WIDTH) {
      countBelow4(x, rows, lanes, lane, threshold, count);
    }
    for (; lane < lanes; lane += WIDTH) {
      IntVector sum = IntVector.zero(I);
      FloatVector t = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(below(xArray, xFrom + lane + i * lanes, t));
      }
      sum.intoArray(count, lane);
    }
  }

  private static void countBelow4(
      Floats x, int rows, int lanes, int lane, Floats threshold, int[] count) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] thresholdArray = threshold.array();
    int thresholdFrom = threshold.at();
    IntVector s0 = IntVector.zero(I);
    IntVector s1 = IntVector.zero(I);
    IntVector s2 = IntVector.zero(I);
    IntVector s3 = IntVector.zero(I);
    FloatVector t0 = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane);
    FloatVector t1 = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane + WIDTH);
    FloatVector t2 = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane + 2 * WIDTH);
    FloatVector t3 = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane + 3 * WIDTH);
    for (int i = 0; i < rows; i++) {
      int at = lane + i * lanes;
      s0 = s0.add(below(xArray, xFrom + at, t0));
      s1 = s1.add(below(xArray, xFrom + at + WIDTH, t1));
      s2 = s2.add(below(xArray, xFrom + at + 2 * WIDTH, t2));
      s3 = s3.add(below(xArray, xFrom + at + 3 * WIDTH, t3));
    }
    s0.intoArray(count, lane);
    s1.intoArray(count, lane + WIDTH);
    s2.intoArray(count, lane + 2 * WIDTH);
    s3.intoArray(count, lane + 3 * WIDTH);
  }

  private static IntVector below(float[] x, int at, FloatVector threshold) {
    IntVector bits = FloatVector.fromArray(F, x, at).sub(threshold).reinterpretAsInts();
    return bits.lanewise(VectorOperators.LSHR, 31);
  }

  @Override
  public void atLeast(Floats x, int rows, int lanes, Floats threshold, Floats out) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] thresholdArray = threshold.array();
    int thresholdFrom = threshold.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector t = FloatVector.fromArray(F, thresholdArray, thresholdFrom + lane);
      IntVector one = IntVector.broadcast(I, 1);
      for (int i = lane; i < rows * lanes; i += lanes) {
        toFloat(one.sub(below(xArray, xFrom + i, t))).intoArray(outArray, outFrom + i);
      }
    }
  }

  /** The last steps of {@link ScalarSums#fold}, over lanes from {@code at}. */
  static float fold(float[] lanes, int at) {
    float a0 = lanes[at] + lanes[at + 8];
    float a1 = lanes[at + 1] + lanes[at + 9];
    float a2 = lanes[at + 2] + lanes[at + 10];
    float a3 = lanes[at + 3] + lanes[at + 11];
    float a4 = lanes[at + 4] + lanes[at + 12];
    float a5 = lanes[at + 5] + lanes[at + 13];
    float a6 = lanes[at + 6] + lanes[at + 14];
    float a7 = lanes[at + 7] + lanes[at + 15];
    return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
  }

  @Override
  public void labelProbability(Floats z, int units, int lanes, int label, Floats out) {
    float[] zArray = z.array();
    int zFrom = z.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector max = FloatVector.fromArray(F, zArray, zFrom + lane);
      for (int u = 1; u < units; u++) {
        max = max.max(FloatVector.fromArray(F, zArray, zFrom + u * lanes + lane));
      }
      FloatVector sum = FloatVector.zero(F);
      for (int u = 0; u < units; u++) {
        FloatVector e = exp(FloatVector.fromArray(F, zArray, zFrom + u * lanes + lane).sub(max));
        e.intoArray(zArray, zFrom + u * lanes + lane);
        sum = sum.add(e);
      }
      FloatVector.fromArray(F, zArray, zFrom + label * lanes + lane)
          .div(sum)
          .intoArray(outArray, outFrom + lane);
    }
  }
}
