package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register blocks of {@link SimdKernels#sparseProduct} and {@link SimdKernels#sparseUpdate}: a
 * few vectors of a row, whose sums or coefficients stay in registers while the rows are run
 * through. What bounds them is how fast rows come from the second-level cache, and long stretches
 * of a row at a time come faster.
 */
final class SimdSparse {
  private static final VectorSpecies<Float> F = SimdNoise.F;
  private static final int WIDTH = F.length();

  private SimdSparse() {}

  static void product16(
      int[] index,
      float[] value,
      int from,
      int to,
      float[] w,
      int wAt,
      int stride,
      float[] out,
      int at) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector s4 = FloatVector.zero(F);
    FloatVector s5 = FloatVector.zero(F);
    FloatVector s6 = FloatVector.zero(F);
    FloatVector s7 = FloatVector.zero(F);
    FloatVector s8 = FloatVector.zero(F);
    FloatVector s9 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    FloatVector s14 = FloatVector.zero(F);
    FloatVector s15 = FloatVector.zero(F);
    for (int k = from; k < to; k++) {
      FloatVector v = FloatVector.broadcast(F, value[k]);
      int row = wAt + index[k] * stride;
      s0 = FloatVector.fromArray(F, w, row).fma(v, s0);
      s1 = FloatVector.fromArray(F, w, row + WIDTH).fma(v, s1);
      s2 = FloatVector.fromArray(F, w, row + 2 * WIDTH).fma(v, s2);
      s3 = FloatVector.fromArray(F, w, row + 3 * WIDTH).fma(v, s3);
      s4 = FloatVector.fromArray(F, w, row + 4 * WIDTH).fma(v, s4);
      s5 = FloatVector.fromArray(F, w, row + 5 * WIDTH).fma(v, s5);
      s6 = FloatVector.fromArray(F, w, row + 6 * WIDTH).fma(v, s6);
      s7 = FloatVector.fromArray(F, w, row + 7 * WIDTH).fma(v, s7);
      s8 = FloatVector.fromArray(F, w, row + 8 * WIDTH).fma(v, s8);
      s9 = FloatVector.fromArray(F, w, row + 9 * WIDTH).fma(v, s9);
      s10 = FloatVector.fromArray(F, w, row + 10 * WIDTH).fma(v, s10);
      s11 = FloatVector.fromArray(F, w, row + 11 * WIDTH).fma(v, s11);
      s12 = FloatVector.fromArray(F, w, row + 12 * WIDTH).fma(v, s12);
      s13 = FloatVector.fromArray(F, w, row + 13 * WIDTH).fma(v, s13);
      s14 = FloatVector.fromArray(F, w, row + 14 * WIDTH).fma(v, s14);
      s15 = FloatVector.fromArray(F, w, row + 15 * WIDTH).fma(v, s15);
    }
    s0.intoArray(out, at);
    s1.intoArray(out, at + WIDTH);
    s2.intoArray(out, at + 2 * WIDTH);
    s3.intoArray(out, at + 3 * WIDTH);
    s4.intoArray(out, at + 4 * WIDTH);
    s5.intoArray(out, at + 5 * WIDTH);
    s6.intoArray(out, at + 6 * WIDTH);
    s7.intoArray(out, at + 7 * WIDTH);
    s8.intoArray(out, at + 8 * WIDTH);
    s9.intoArray(out, at + 9 * WIDTH);
    s10.intoArray(out, at + 10 * WIDTH);
    s11.intoArray(out, at + 11 * WIDTH);
    s12.intoArray(out, at + 12 * WIDTH);
    s13.intoArray(out, at + 13 * WIDTH);
    s14.intoArray(out, at + 14 * WIDTH);
    s15.intoArray(out, at + 15 * WIDTH);
  }

  static void product8(
      int[] index,
      float[] value,
      int from,
      int to,
      float[] w,
      int wAt,
      int stride,
      float[] out,
      int at) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector s4 = FloatVector.zero(F);
    FloatVector s5 = FloatVector.zero(F);
    FloatVector s6 = FloatVector.zero(F);
    FloatVector s7 = FloatVector.zero(F);
    for (int k = from; k < to; k++) {
      FloatVector v = FloatVector.broadcast(F, value[k]);
      int row = wAt + index[k] * stride;
      s0 = FloatVector.fromArray(F, w, row).fma(v, s0);
      s1 = FloatVector.fromArray(F, w, row + WIDTH).fma(v, s1);
      s2 = FloatVector.fromArray(F, w, row + 2 * WIDTH).fma(v, s2);
      s3 = FloatVector.fromArray(F, w, row + 3 * WIDTH).fma(v, s3);
      s4 = FloatVector.fromArray(F, w, row + 4 * WIDTH).fma(v, s4);
      s5 = FloatVector.fromArray(F, w, row + 5 * WIDTH).fma(v, s5);
      s6 = FloatVector.fromArray(F, w, row + 6 * WIDTH).fma(v, s6);
      s7 = FloatVector.fromArray(F, w, row + 7 * WIDTH).fma(v, s7);
    }
    s0.intoArray(out, at);
    s1.intoArray(out, at + WIDTH);
    s2.intoArray(out, at + 2 * WIDTH);
    s3.intoArray(out, at + 3 * WIDTH);
    s4.intoArray(out, at + 4 * WIDTH);
    s5.intoArray(out, at + 5 * WIDTH);
    s6.intoArray(out, at + 6 * WIDTH);
    s7.intoArray(out, at + 7 * WIDTH);
  }

  static void update8(
      int[] index,
      float[] value,
      int from,
      int to,
      float[] c,
      int at,
      float[] w,
      int wAt,
      int stride) {
    FloatVector c0 = FloatVector.fromArray(F, c, at);
    FloatVector c1 = FloatVector.fromArray(F, c, at + WIDTH);
    FloatVector c2 = FloatVector.fromArray(F, c, at + 2 * WIDTH);
    FloatVector c3 = FloatVector.fromArray(F, c, at + 3 * WIDTH);
    FloatVector c4 = FloatVector.fromArray(F, c, at + 4 * WIDTH);
    FloatVector c5 = FloatVector.fromArray(F, c, at + 5 * WIDTH);
    FloatVector c6 = FloatVector.fromArray(F, c, at + 6 * WIDTH);
    FloatVector c7 = FloatVector.fromArray(F, c, at + 7 * WIDTH);
    for (int k = from; k < to; k++) {
      FloatVector v = FloatVector.broadcast(F, value[k]);
      int row = wAt + index[k] * stride;
      FloatVector.fromArray(F, w, row).add(c0.mul(v)).intoArray(w, row);
      FloatVector.fromArray(F, w, row + WIDTH).add(c1.mul(v)).intoArray(w, row + WIDTH);
      FloatVector.fromArray(F, w, row + 2 * WIDTH).add(c2.mul(v)).intoArray(w, row + 2 * WIDTH);
      FloatVector.fromArray(F, w, row + 3 * WIDTH).add(c3.mul(v)).intoArray(w, row + 3 * WIDTH);
      FloatVector.fromArray(F, w, row + 4 * WIDTH).add(c4.mul(v)).intoArray(w, row + 4 * WIDTH);
      FloatVector.fromArray(F, w, row + 5 * WIDTH).add(c5.mul(v)).intoArray(w, row + 5 * WIDTH);
      FloatVector.fromArray(F, w, row + 6 * WIDTH).add(c6.mul(v)).intoArray(w, row + 6 * WIDTH);
      FloatVector.fromArray(F, w, row + 7 * WIDTH).add(c7.mul(v)).intoArray(w, row + 7 * WIDTH);
    }
  }

  static void update16(
      int[] index,
      float[] value,
      int from,
      int to,
      float[] c,
      int at,
      float[] w,
      int wAt,
      int stride) {
    FloatVector c0 = FloatVector.fromArray(F, c, at);
    FloatVector c1 = FloatVector.fromArray(F, c, at + WIDTH);
    FloatVector c2 = FloatVector.fromArray(F, c, at + 2 * WIDTH);
    FloatVector c3 = FloatVector.fromArray(F, c, at + 3 * WIDTH);
    FloatVector c4 = FloatVector.fromArray(F, c, at + 4 * WIDTH);
    FloatVector c5 = FloatVector.fromArray(F, c, at + 5 * WIDTH);
    FloatVector c6 = FloatVector.fromArray(F, c, at + 6 * WIDTH);
    FloatVector c7 = FloatVector.fromArray(F, c, at + 7 * WIDTH);
    FloatVector c8 = FloatVector.fromArray(F, c, at + 8 * WIDTH);
    FloatVector c9 = FloatVector.fromArray(F, c, at + 9 * WIDTH);
    FloatVector c10 = FloatVector.fromArray(F, c, at + 10 * WIDTH);
    FloatVector c11 = FloatVector.fromArray(F, c, at + 11 * WIDTH);
    FloatVector c12 = FloatVector.fromArray(F, c, at + 12 * WIDTH);
    FloatVector c13 = FloatVector.fromArray(F, c, at + 13 * WIDTH);
    FloatVector c14 = FloatVector.fromArray(F, c, at + 14 * WIDTH);
    FloatVector c15 = FloatVector.fromArray(F, c, at + 15 * WIDTH);
    for (int k = from; k < to; k++) {
      FloatVector v = FloatVector.broadcast(F, value[k]);
      int row = wAt + index[k] * stride;
      FloatVector.fromArray(F, w, row).add(c0.mul(v)).intoArray(w, row);
      FloatVector.fromArray(F, w, row + WIDTH).add(c1.mul(v)).intoArray(w, row + WIDTH);
      FloatVector.fromArray(F, w, row + 2 * WIDTH).add(c2.mul(v)).intoArray(w, row + 2 * WIDTH);
      FloatVector.fromArray(F, w, row + 3 * WIDTH).add(c3.mul(v)).intoArray(w, row + 3 * WIDTH);
      FloatVector.fromArray(F, w, row + 4 * WIDTH).add(c4.mul(v)).intoArray(w, row + 4 * WIDTH);
      FloatVector.fromArray(F, w, row + 5 * WIDTH).add(c5.mul(v)).intoArray(w, row + 5 * WIDTH);
      FloatVector.fromArray(F, w, row + 6 * WIDTH).add(c6.mul(v)).intoArray(w, row + 6 * WIDTH);
      FloatVector.fromArray(F, w, row + 7 * WIDTH).add(c7.mul(v)).intoArray(w, row + 7 * WIDTH);
      FloatVector.fromArray(F, w, row + 8 * WIDTH).add(c8.mul(v)).intoArray(w, row + 8 * WIDTH);
      FloatVector.fromArray(F, w, row + 9 * WIDTH).add(c9.mul(v)).intoArray(w, row + 9 * WIDTH);
      FloatVector.fromArray(F, w, row + 10 * WIDTH).add(c10.mul(v)).intoArray(w, row + 10 * WIDTH);
      FloatVector.fromArray(F, w, row + 11 * WIDTH).add(c11.mul(v)).intoArray(w, row + 11 * WIDTH);
      FloatVector.fromArray(F, w, row + 12 * WIDTH).add(c12.mul(v)).intoArray(w, row + 12 * WIDTH);
      FloatVector.fromArray(F, w, row + 13 * WIDTH).add(c13.mul(v)).intoArray(w, row + 13 * WIDTH);
      FloatVector.fromArray(F, w, row + 14 * WIDTH).add(c14.mul(v)).intoArray(w, row + 14 * WIDTH);
      FloatVector.fromArray(F, w, row + 15 * WIDTH).add(c15.mul(v)).intoArray(w, row + 15 * WIDTH);
    }
  }
}
