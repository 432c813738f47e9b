package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The register blocks of {@link SimdKernels#multiplyAdd} of one vector; see {@link SimdBlocks}. */
final class SimdColumns {
  private static final VectorSpecies<Float> F = SimdNoise.F;

  private SimdColumns() {}

  static void eightByOne(
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
    FloatVector s0 = FloatVector.fromArray(F, c, cAt);
    FloatVector s1 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s2 = FloatVector.fromArray(F, c, cAt + 2 * cRow);
    FloatVector s3 = FloatVector.fromArray(F, c, cAt + 3 * cRow);
    FloatVector s4 = FloatVector.fromArray(F, c, cAt + 4 * cRow);
    FloatVector s5 = FloatVector.fromArray(F, c, cAt + 5 * cRow);
    FloatVector s6 = FloatVector.fromArray(F, c, cAt + 6 * cRow);
    FloatVector s7 = FloatVector.fromArray(F, c, cAt + 7 * cRow);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s0 = b0.fma(v, s0);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s1 = b0.fma(v, s1);
      v = FloatVector.broadcast(F, a[at + 2 * aRow]);
      s2 = b0.fma(v, s2);
      v = FloatVector.broadcast(F, a[at + 3 * aRow]);
      s3 = b0.fma(v, s3);
      v = FloatVector.broadcast(F, a[at + 4 * aRow]);
      s4 = b0.fma(v, s4);
      v = FloatVector.broadcast(F, a[at + 5 * aRow]);
      s5 = b0.fma(v, s5);
      v = FloatVector.broadcast(F, a[at + 6 * aRow]);
      s6 = b0.fma(v, s6);
      v = FloatVector.broadcast(F, a[at + 7 * aRow]);
      s7 = b0.fma(v, s7);
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, cAt + cRow);
    s2.intoArray(c, cAt + 2 * cRow);
    s3.intoArray(c, cAt + 3 * cRow);
    s4.intoArray(c, cAt + 4 * cRow);
    s5.intoArray(c, cAt + 5 * cRow);
    s6.intoArray(c, cAt + 6 * cRow);
    s7.intoArray(c, cAt + 7 * cRow);
  }

  static void twoByOne(
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
    FloatVector s0 = FloatVector.fromArray(F, c, cAt);
    FloatVector s1 = FloatVector.fromArray(F, c, cAt + cRow);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s0 = b0.fma(v, s0);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s1 = b0.fma(v, s1);
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, cAt + cRow);
  }

  static void oneByOne(
      int k, float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, float[] c, int cAt) {
    FloatVector s0 = FloatVector.fromArray(F, c, cAt);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s0 = b0.fma(v, s0);
    }
    s0.intoArray(c, cAt);
  }

  /**
   * {@link #eightByOne} where a's rows lie along the inner index and b's are {@value Kernels#LANES}
   * apart: with steps known to the compiler, it checks bounds once and not at each.
   */
  static void eightRows(
      int k, float[] a, int aAt, int aRow, float[] b, int bAt, float[] c, int cAt, int cRow) {
    FloatVector s0 = FloatVector.fromArray(F, c, cAt);
    FloatVector s1 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s2 = FloatVector.fromArray(F, c, cAt + 2 * cRow);
    FloatVector s3 = FloatVector.fromArray(F, c, cAt + 3 * cRow);
    FloatVector s4 = FloatVector.fromArray(F, c, cAt + 4 * cRow);
    FloatVector s5 = FloatVector.fromArray(F, c, cAt + 5 * cRow);
    FloatVector s6 = FloatVector.fromArray(F, c, cAt + 6 * cRow);
    FloatVector s7 = FloatVector.fromArray(F, c, cAt + 7 * cRow);
    for (int inner = 0; inner < k; inner++) {
      FloatVector v = FloatVector.fromArray(F, b, bAt + inner * Kernels.LANES);
      int at = aAt + inner;
      s0 = v.fma(FloatVector.broadcast(F, a[at]), s0);
      s1 = v.fma(FloatVector.broadcast(F, a[at + aRow]), s1);
      s2 = v.fma(FloatVector.broadcast(F, a[at + 2 * aRow]), s2);
      s3 = v.fma(FloatVector.broadcast(F, a[at + 3 * aRow]), s3);
      s4 = v.fma(FloatVector.broadcast(F, a[at + 4 * aRow]), s4);
      s5 = v.fma(FloatVector.broadcast(F, a[at + 5 * aRow]), s5);
      s6 = v.fma(FloatVector.broadcast(F, a[at + 6 * aRow]), s6);
      s7 = v.fma(FloatVector.broadcast(F, a[at + 7 * aRow]), s7);
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, cAt + cRow);
    s2.intoArray(c, cAt + 2 * cRow);
    s3.intoArray(c, cAt + 3 * cRow);
    s4.intoArray(c, cAt + 4 * cRow);
    s5.intoArray(c, cAt + 5 * cRow);
    s6.intoArray(c, cAt + 6 * cRow);
    s7.intoArray(c, cAt + 7 * cRow);
  }
}
