package org.grlu.math;

import jdk.incubator.vector.FloatVector;

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
final class SimdKernels extends SimdRows {
  @Override
  public void sparseProduct(
      int[] index, float[] value, int from, int to, Floats w, int stride, Floats out, int at) {
    float[] wArray = w.array();
    int wFrom = w.at();
    float[] outArray = out.array();
    int outFrom = out.at() + at;
    int j = 0;
    // sixteen sums take the 32 registers that come with 512-bit vectors
    for (; WIDTH == LANES && j + 16 * WIDTH <= stride; j += 16 * WIDTH) {
      SimdSparse.product16(
          index, value, from, to, wArray, wFrom + j, stride, outArray, outFrom + j);
    }
    for (; j + 8 * WIDTH <= stride; j += 8 * WIDTH) {
      SimdSparse.product8(index, value, from, to, wArray, wFrom + j, stride, outArray, outFrom + j);
    }
    for (; j < stride; j += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = from; k < to; k++) {
        sum =
            FloatVector.fromArray(F, wArray, wFrom + index[k] * stride + j)
                .fma(FloatVector.broadcast(F, value[k]), sum);
      }
      sum.intoArray(outArray, outFrom + j);
    }
  }

  @Override
  public void sparseUpdate(
      int[] index, float[] value, int from, int to, Floats c, int at, Floats w, int stride) {
    float[] cArray = c.array();
    int cFrom = c.at() + at;
    float[] wArray = w.array();
    int wFrom = w.at();
    int j = 0;
    for (; WIDTH == LANES && j + 16 * WIDTH <= stride; j += 16 * WIDTH) {
      SimdSparse.update16(index, value, from, to, cArray, cFrom + j, wArray, wFrom + j, stride);
    }
    for (; j + 8 * WIDTH <= stride; j += 8 * WIDTH) {
      SimdSparse.update8(index, value, from, to, cArray, cFrom + j, wArray, wFrom + j, stride);
    }
    for (; j < stride; j += WIDTH) {
      FloatVector cj = FloatVector.fromArray(F, cArray, cFrom + j);
      for (int k = from; k < to; k++) {
        int row = wFrom + index[k] * stride + j;
        FloatVector.fromArray(F, wArray, row).add(cj.mul(value[k])).intoArray(wArray, row);
      }
    }
  }

  @Override
  public void multiplyAdd(
      int m,
      int n,
      int k,
      Floats a,
      int aAt,
      int aRow,
      int aColumn,
      Floats b,
      int bAt,
      int bRow,
      Floats c,
      int cAt,
      int cRow) {
    float[] aArray = a.array();
    int aFrom = a.at() + aAt;
    float[] bArray = b.array();
    int bFrom = b.at() + bAt;
    float[] cArray = c.array();
    int cFrom = c.at() + cAt;
    int j = 0;
    for (; j + 4 * WIDTH <= n; j += 4 * WIDTH) {
      int i = 0;
      for (; i + 4 <= m; i += 4) {
        SimdBlocks.fourByFour(
            k,
            aArray,
            aFrom + i * aRow,
            aRow,
            aColumn,
            bArray,
            bFrom + j,
            bRow,
            cArray,
            cFrom + i * cRow + j,
            cRow);
      }
      if (i + 2 <= m) {
        SimdBlocks.twoByFour(
            k,
            aArray,
            aFrom + i * aRow,
            aRow,
            aColumn,
            bArray,
            bFrom + j,
            bRow,
            cArray,
            cFrom + i * cRow + j,
            cRow);
        i += 2;
      }
      if (i < m) {
        SimdBlocks.oneByFour(
            k,
            aArray,
            aFrom + i * aRow,
            aColumn,
            bArray,
            bFrom + j,
            bRow,
            cArray,
            cFrom + i * cRow + j);
      }
    }
    if (j + 2 * WIDTH <= n) {
      twoVectors(
          m, k, aArray, aFrom, aRow, aColumn, bArray, bFrom + j, bRow, cArray, cFrom + j, cRow);
      j += 2 * WIDTH;
    }
    if (j < n) {
      oneVector(
          m, k, aArray, aFrom, aRow, aColumn, bArray, bFrom + j, bRow, cArray, cFrom + j, cRow);
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
      Floats s,
      int sAt,
      Floats t,
      int tAt,
      Floats q,
      int qAt,
      Floats c,
      int cAt) {
    float[] sArray = s.array();
    int sFrom = s.at() + sAt;
    float[] tArray = t.array();
    int tFrom = t.at() + tAt;
    float[] qArray = q.array();
    int qFrom = q.at() + qAt;
    float[] cArray = c.array();
    int cFrom = c.at() + cAt;
    for (int j = 0; j < stride; j += WIDTH) {
      FloatVector tj = FloatVector.fromArray(F, tArray, tFrom + j);
      FloatVector qj = FloatVector.fromArray(F, qArray, qFrom + j);
      for (int i = 0; i < rows; i++) {
        int at = cFrom + i * stride + j;
        tj.fma(FloatVector.broadcast(F, sArray[sFrom + i]), FloatVector.fromArray(F, cArray, at))
            .sub(qj)
            .intoArray(cArray, at);
      }
    }
  }
}
