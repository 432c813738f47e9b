package org.grlu.math;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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

  /** Hash.STEP times the lane's number, and twice that. */
  private static final IntVector STEPS = IntVector.broadcast(I, 0).addIndex(1).mul(Hash.STEP);

  private static final IntVector DOUBLE_STEPS = STEPS.mul(2);

  @Override
  public String name() {
    return "simd " + F.vectorBitSize();
  }

  // Not constants: a loop that starts from a constant vector keeps it boxed, and allocates.
  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  static FloatVector f(float x) {
    return FloatVector.broadcast(F, x);
  }

  private static IntVector hash(IntVector start, int key1) {
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

  private static FloatVector log(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector exponent = bits.sub(Functions.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f =
        bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector e = toFloat(exponent);
    FloatVector square = f.mul(f);
    FloatVector p = f.fma(f(Functions.LOG0), f(Functions.LOG1));
    p = p.fma(f, f(Functions.LOG2));
    p = p.fma(f, f(Functions.LOG3));
    p = p.fma(f, f(Functions.LOG4));
    p = p.fma(f, f(Functions.LOG5));
    p = p.fma(f, f(Functions.LOG6));
    p = p.fma(f, f(Functions.LOG7));
    p = p.fma(f, f(Functions.LOG8));
    FloatVector y = p.mul(f).mul(square);
    y = e.fma(f(Functions.LN2_LOW), y);
    y = square.fma(f(-0.5f), y);
    return e.fma(f(Functions.LN2_HIGH), f.add(y));
  }

  private static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(Functions.EXP_LOWEST);
    FloatVector round = f(Functions.ROUND);
    FloatVector shifted = bounded.fma(f(Functions.LOG2_E), round);
    FloatVector n = shifted.sub(round);
    FloatVector r = n.fma(f(-Functions.LN2_HIGH), bounded);
    r = n.fma(f(-Functions.LN2_LOW), r);
    FloatVector p = r.fma(f(Functions.EXP0), f(Functions.EXP1));
    p = p.fma(r, f(Functions.EXP2));
    p = p.fma(r, f(Functions.EXP3));
    p = p.fma(r, f(Functions.EXP4));
    p = p.fma(r, f(Functions.EXP5));
    FloatVector y = p.fma(r.mul(r), r).add(1f);
    // not convert(F2I), which JDK 17 runs element by element
    IntVector power = shifted.reinterpretAsInts().sub(Functions.ROUND_BITS - 127);
    return y.mul(power.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  private static FloatVector cosine(IntVector turns) {
    FloatVector quarter = f(0.25f).sub(toFloat(turns).mul(0x1p-32f).abs());
    FloatVector square = quarter.mul(quarter);
    FloatVector p = square.fma(f(Functions.SIN7), f(Functions.SIN5));
    p = p.fma(square, f(Functions.SIN3));
    p = p.fma(square, f(Functions.SIN1));
    return p.mul(quarter);
  }

  // Two loops rather than one: C2 stops inlining in a large graph, and what is left out is boxed.
  @Override
  public void gaussian(long key, float scale, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int padded = Kernels.padded(units);
    radii(key0, key1, scale, out, at, padded);
    angles(key0 + Hash.STEP, key1, out, at, padded);
    Arrays.fill(out, at + units, at + padded, 0f);
  }

  private static void radii(int key0, int key1, float scale, float[] out, int at, int padded) {
    for (int block = 0; block < padded; block += 2 * LANES) {
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        IntVector start = DOUBLE_STEPS.add((block + 2 * lane) * Hash.STEP + key0);
        IntVector bits = hash(start, key1).lanewise(VectorOperators.LSHR, 1);
        FloatVector uniform = toFloat(bits).fma(f(0x1p-31f), f(0x1p-32f));
        log(uniform)
            .mul(-2f)
            .lanewise(VectorOperators.SQRT)
            .mul(scale)
            .intoArray(out, at + block + lane);
      }
    }
  }

  private static void angles(int key0, int key1, float[] out, int at, int padded) {
    for (int block = 0; block < padded; block += 2 * LANES) {
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        IntVector start = DOUBLE_STEPS.add((block + 2 * lane) * Hash.STEP + key0);
        IntVector turns = hash(start, key1);
        int to = at + block + lane;
        FloatVector radius = FloatVector.fromArray(F, out, to);
        radius.mul(cosine(turns)).intoArray(out, to);
        if (block + LANES < padded) {
          radius.mul(cosine(turns.sub(0x40000000))).intoArray(out, to + LANES);
        }
      }
    }
  }

  @Override
  public void rademacher(long key, float scale, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int padded = Kernels.padded(units);
    int positive = Float.floatToRawIntBits(scale);
    for (int j = 0; j < padded; j += WIDTH) {
      IntVector bits = hash(STEPS.add(j * Hash.STEP + key0), key1);
      bits.and(0x80000000)
          .lanewise(VectorOperators.XOR, positive)
          .reinterpretAsFloats()
          .intoArray(out, at + j);
    }
    Arrays.fill(out, at + units, at + padded, 0f);
  }

  @Override
  public void gumbel(long key, float[] out, int at, int units) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int padded = Kernels.padded(units);
    for (int j = 0; j < padded; j += WIDTH) {
      IntVector bits = hash(STEPS.add(j * Hash.STEP + key0), key1);
      toFloat(bits.lanewise(VectorOperators.LSHR, 9))
          .add(0.5f)
          .mul(0x1p-23f)
          .intoArray(out, at + j);
    }
    minusLog(out, at, padded);
    minusLog(out, at, padded);
    Arrays.fill(out, at + units, at + padded, 0f);
  }

  /**
   * {@code x[i] = -log(x[i])}, as {@link Functions#log}. Written out, with its constants ahead of
   * the loop: twice the general form is a larger graph than C2 inlines, and what is left out is
   * boxed.
   */
  private static void minusLog(float[] x, int at, int n) {
    FloatVector p0 = f(Functions.LOG0);
    FloatVector p1 = f(Functions.LOG1);
    FloatVector p2 = f(Functions.LOG2);
    FloatVector p3 = f(Functions.LOG3);
    FloatVector p4 = f(Functions.LOG4);
    FloatVector p5 = f(Functions.LOG5);
    FloatVector p6 = f(Functions.LOG6);
    FloatVector p7 = f(Functions.LOG7);
    FloatVector p8 = f(Functions.LOG8);
    FloatVector low = f(Functions.LN2_LOW);
    FloatVector high = f(Functions.LN2_HIGH);
    FloatVector half = f(-0.5f);
    for (int i = at; i < at + n; i += WIDTH) {
      IntVector bits = FloatVector.fromArray(F, x, i).reinterpretAsInts();
      IntVector power = bits.sub(Functions.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector e = toFloat(power);
      IntVector mantissa = bits.sub(power.lanewise(VectorOperators.LSHL, 23));
      FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
      FloatVector square = f.mul(f);
      FloatVector p = p0.fma(f, p1).fma(f, p2).fma(f, p3).fma(f, p4);
      p = p.fma(f, p5).fma(f, p6).fma(f, p7).fma(f, p8);
      FloatVector y = e.fma(low, p.mul(f).mul(square));
      y = square.fma(half, y);
      e.fma(high, f.add(y)).mul(-1f).intoArray(x, i);
    }
  }

  @Override
  public int countAtLeast(float[] x, int at, int n, float threshold) {
    IntVector count = IntVector.zero(I);
    FloatVector t = f(threshold);
    for (int i = at; i < at + n; i += WIDTH) {
      VectorMask<Float> mask = FloatVector.fromArray(F, x, i).compare(VectorOperators.GE, t);
      count = count.add(1, mask.cast(I));
    }
    return count.reduceLanes(VectorOperators.ADD);
  }

  @Override
  public void atLeast(float[] x, int at, int n, float threshold, float[] out, int outAt) {
    FloatVector t = f(threshold);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = FloatVector.fromArray(F, x, at + i).compare(VectorOperators.GE, t);
      zero().blend(1f, mask).intoArray(out, outAt + i);
    }
  }

  @Override
  public float max(float[] x, int at, int n) {
    FloatVector max = FloatVector.fromArray(F, x, at);
    for (int i = at + WIDTH; i < at + n; i += WIDTH) {
      max = max.max(FloatVector.fromArray(F, x, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The last steps of {@link ScalarKernels#fold}, over lanes from {@code at}. */
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
  public void labelProbability(float[] z, int rows, int stride, int units, int label, float[] out) {
    float[] lanes = new float[2 * LANES];
    int whole = units / LANES * LANES;
    for (int r = 0; r < rows; r++) {
      int row = r * stride;
      float max = z[row];
      for (int j = 1; j < units; j++) {
        max = Math.max(max, z[row + j]);
      }
      for (int lane = 0; lane < LANES; lane += WIDTH) {
        FloatVector sum = zero();
        for (int j = lane; j < whole; j += LANES) {
          sum = sum.add(exp(FloatVector.fromArray(F, z, row + j).sub(max)));
        }
        sum.intoArray(lanes, lane);
        if (whole < stride) {
          exp(FloatVector.fromArray(F, z, row + whole + lane).sub(max))
              .intoArray(lanes, LANES + lane);
        }
      }
      for (int j = whole; j < units; j++) {
        lanes[j - whole] += lanes[LANES + j - whole];
      }
      out[r] = Functions.exp(z[row + label] - max) / fold(lanes, 0);
    }
  }

  @Override
  public void log(float[] x, float floor, float[] out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(F, x, i);
      log(v.add(floor)).add(v.mul(0f)).intoArray(out, i);
    }
    for (; i < n; i++) {
      out[i] = Functions.log(x[i] + floor) + x[i] * 0f;
    }
  }
}
