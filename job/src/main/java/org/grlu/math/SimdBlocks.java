package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register blocks of {@link SimdKernels#multiplyAdd}: a few rows by a few vectors of c are held
 * in registers while the inner index runs. Each method is a block of {@code rows x vectors};
 * parameters are those of {@link Kernels#multiplyAdd}, at the block's corner. {@link SimdColumns}
 * has those of one vector.
 */
final class SimdBlocks {
  private static final VectorSpecies<Float> F = SimdNoise.F;
  private static final int WIDTH = F.length();

  private SimdBlocks() {}

  static void fourByFour(
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
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    FloatVector s02 = FloatVector.fromArray(F, c, cAt + 2 * WIDTH);
    FloatVector s03 = FloatVector.fromArray(F, c, cAt + 3 * WIDTH);
    FloatVector s10 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s11 = FloatVector.fromArray(F, c, cAt + cRow + WIDTH);
    FloatVector s12 = FloatVector.fromArray(F, c, cAt + cRow + 2 * WIDTH);
    FloatVector s13 = FloatVector.fromArray(F, c, cAt + cRow + 3 * WIDTH);
    FloatVector s20 = FloatVector.fromArray(F, c, cAt + 2 * cRow);
    FloatVector s21 = FloatVector.fromArray(F, c, cAt + 2 * cRow + WIDTH);
    FloatVector s22 = FloatVector.fromArray(F, c, cAt + 2 * cRow + 2 * WIDTH);
    FloatVector s23 = FloatVector.fromArray(F, c, cAt + 2 * cRow + 3 * WIDTH);
    FloatVector s30 = FloatVector.fromArray(F, c, cAt + 3 * cRow);
    FloatVector s31 = FloatVector.fromArray(F, c, cAt + 3 * cRow + WIDTH);
    FloatVector s32 = FloatVector.fromArray(F, c, cAt + 3 * cRow + 2 * WIDTH);
    FloatVector s33 = FloatVector.fromArray(F, c, cAt + 3 * cRow + 3 * WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      FloatVector b2 = FloatVector.fromArray(F, b, bt + 2 * WIDTH);
      FloatVector b3 = FloatVector.fromArray(F, b, bt + 3 * WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
      s02 = b2.fma(v, s02);
      s03 = b3.fma(v, s03);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s10 = b0.fma(v, s10);
      s11 = b1.fma(v, s11);
      s12 = b2.fma(v, s12);
      s13 = b3.fma(v, s13);
      v = FloatVector.broadcast(F, a[at + 2 * aRow]);
      s20 = b0.fma(v, s20);
      s21 = b1.fma(v, s21);
      s22 = b2.fma(v, s22);
      s23 = b3.fma(v, s23);
      v = FloatVector.broadcast(F, a[at + 3 * aRow]);
      s30 = b0.fma(v, s30);
      s31 = b1.fma(v, s31);
      s32 = b2.fma(v, s32);
      s33 = b3.fma(v, s33);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
    s02.intoArray(c, cAt + 2 * WIDTH);
    s03.intoArray(c, cAt + 3 * WIDTH);
    s10.intoArray(c, cAt + cRow);
    s11.intoArray(c, cAt + cRow + WIDTH);
    s12.intoArray(c, cAt + cRow + 2 * WIDTH);
    s13.intoArray(c, cAt + cRow + 3 * WIDTH);
    s20.intoArray(c, cAt + 2 * cRow);
    s21.intoArray(c, cAt + 2 * cRow + WIDTH);
    s22.intoArray(c, cAt + 2 * cRow + 2 * WIDTH);
    s23.intoArray(c, cAt + 2 * cRow + 3 * WIDTH);
    s30.intoArray(c, cAt + 3 * cRow);
    s31.intoArray(c, cAt + 3 * cRow + WIDTH);
    s32.intoArray(c, cAt + 3 * cRow + 2 * WIDTH);
    s33.intoArray(c, cAt + 3 * cRow + 3 * WIDTH);
  }

  static void twoByFour(
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
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    FloatVector s02 = FloatVector.fromArray(F, c, cAt + 2 * WIDTH);
    FloatVector s03 = FloatVector.fromArray(F, c, cAt + 3 * WIDTH);
    FloatVector s10 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s11 = FloatVector.fromArray(F, c, cAt + cRow + WIDTH);
    FloatVector s12 = FloatVector.fromArray(F, c, cAt + cRow + 2 * WIDTH);
    FloatVector s13 = FloatVector.fromArray(F, c, cAt + cRow + 3 * WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      FloatVector b2 = FloatVector.fromArray(F, b, bt + 2 * WIDTH);
      FloatVector b3 = FloatVector.fromArray(F, b, bt + 3 * WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
      s02 = b2.fma(v, s02);
      s03 = b3.fma(v, s03);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s10 = b0.fma(v, s10);
      s11 = b1.fma(v, s11);
      s12 = b2.fma(v, s12);
      s13 = b3.fma(v, s13);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
    s02.intoArray(c, cAt + 2 * WIDTH);
    s03.intoArray(c, cAt + 3 * WIDTH);
    s10.intoArray(c, cAt + cRow);
    s11.intoArray(c, cAt + cRow + WIDTH);
    s12.intoArray(c, cAt + cRow + 2 * WIDTH);
    s13.intoArray(c, cAt + cRow + 3 * WIDTH);
  }

  static void oneByFour(
      int k, float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, float[] c, int cAt) {
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    FloatVector s02 = FloatVector.fromArray(F, c, cAt + 2 * WIDTH);
    FloatVector s03 = FloatVector.fromArray(F, c, cAt + 3 * WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      FloatVector b2 = FloatVector.fromArray(F, b, bt + 2 * WIDTH);
      FloatVector b3 = FloatVector.fromArray(F, b, bt + 3 * WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
      s02 = b2.fma(v, s02);
      s03 = b3.fma(v, s03);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
    s02.intoArray(c, cAt + 2 * WIDTH);
    s03.intoArray(c, cAt + 3 * WIDTH);
  }

  static void eightByTwo(
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
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    FloatVector s10 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s11 = FloatVector.fromArray(F, c, cAt + cRow + WIDTH);
    FloatVector s20 = FloatVector.fromArray(F, c, cAt + 2 * cRow);
    FloatVector s21 = FloatVector.fromArray(F, c, cAt + 2 * cRow + WIDTH);
    FloatVector s30 = FloatVector.fromArray(F, c, cAt + 3 * cRow);
    FloatVector s31 = FloatVector.fromArray(F, c, cAt + 3 * cRow + WIDTH);
    FloatVector s40 = FloatVector.fromArray(F, c, cAt + 4 * cRow);
    FloatVector s41 = FloatVector.fromArray(F, c, cAt + 4 * cRow + WIDTH);
    FloatVector s50 = FloatVector.fromArray(F, c, cAt + 5 * cRow);
    FloatVector s51 = FloatVector.fromArray(F, c, cAt + 5 * cRow + WIDTH);
    FloatVector s60 = FloatVector.fromArray(F, c, cAt + 6 * cRow);
    FloatVector s61 = FloatVector.fromArray(F, c, cAt + 6 * cRow + WIDTH);
    FloatVector s70 = FloatVector.fromArray(F, c, cAt + 7 * cRow);
    FloatVector s71 = FloatVector.fromArray(F, c, cAt + 7 * cRow + WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s10 = b0.fma(v, s10);
      s11 = b1.fma(v, s11);
      v = FloatVector.broadcast(F, a[at + 2 * aRow]);
      s20 = b0.fma(v, s20);
      s21 = b1.fma(v, s21);
      v = FloatVector.broadcast(F, a[at + 3 * aRow]);
      s30 = b0.fma(v, s30);
      s31 = b1.fma(v, s31);
      v = FloatVector.broadcast(F, a[at + 4 * aRow]);
      s40 = b0.fma(v, s40);
      s41 = b1.fma(v, s41);
      v = FloatVector.broadcast(F, a[at + 5 * aRow]);
      s50 = b0.fma(v, s50);
      s51 = b1.fma(v, s51);
      v = FloatVector.broadcast(F, a[at + 6 * aRow]);
      s60 = b0.fma(v, s60);
      s61 = b1.fma(v, s61);
      v = FloatVector.broadcast(F, a[at + 7 * aRow]);
      s70 = b0.fma(v, s70);
      s71 = b1.fma(v, s71);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
    s10.intoArray(c, cAt + cRow);
    s11.intoArray(c, cAt + cRow + WIDTH);
    s20.intoArray(c, cAt + 2 * cRow);
    s21.intoArray(c, cAt + 2 * cRow + WIDTH);
    s30.intoArray(c, cAt + 3 * cRow);
    s31.intoArray(c, cAt + 3 * cRow + WIDTH);
    s40.intoArray(c, cAt + 4 * cRow);
    s41.intoArray(c, cAt + 4 * cRow + WIDTH);
    s50.intoArray(c, cAt + 5 * cRow);
    s51.intoArray(c, cAt + 5 * cRow + WIDTH);
    s60.intoArray(c, cAt + 6 * cRow);
    s61.intoArray(c, cAt + 6 * cRow + WIDTH);
    s70.intoArray(c, cAt + 7 * cRow);
    s71.intoArray(c, cAt + 7 * cRow + WIDTH);
  }

  static void twoByTwo(
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
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    FloatVector s10 = FloatVector.fromArray(F, c, cAt + cRow);
    FloatVector s11 = FloatVector.fromArray(F, c, cAt + cRow + WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
      v = FloatVector.broadcast(F, a[at + aRow]);
      s10 = b0.fma(v, s10);
      s11 = b1.fma(v, s11);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
    s10.intoArray(c, cAt + cRow);
    s11.intoArray(c, cAt + cRow + WIDTH);
  }

  static void oneByTwo(
      int k, float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, float[] c, int cAt) {
    FloatVector s00 = FloatVector.fromArray(F, c, cAt);
    FloatVector s01 = FloatVector.fromArray(F, c, cAt + WIDTH);
    for (int inner = 0; inner < k; inner++) {
      int bt = bAt + inner * bRow;
      FloatVector b0 = FloatVector.fromArray(F, b, bt);
      FloatVector b1 = FloatVector.fromArray(F, b, bt + WIDTH);
      int at = aAt + inner * aColumn;
      FloatVector v = FloatVector.broadcast(F, a[at]);
      s00 = b0.fma(v, s00);
      s01 = b1.fma(v, s01);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + WIDTH);
  }
}
