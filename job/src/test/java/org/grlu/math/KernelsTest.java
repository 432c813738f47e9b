package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.grlu.TestData;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scalar and the SIMD kernels against each other, and the harder ones against other code. */
class KernelsTest {
  private static final int[] UNITS = {1, 7, 16, 17, 207, 256, 784};
  private static final int[] ROWS = {1, 3, 8, 33};
  private static final long KEY = 0x0123456789abcdefL;

  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels SIMD = simd();

  /** Fails where the SIMD kernels can't be loaded: Surefire's JVM has the module. */
  private static Kernels simd() {
    try {
      return Class.forName("org.grlu.math.SimdKernels")
          .asSubclass(Kernels.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no SIMD kernels", e);
    }
  }

  private static Map<String, KernelCase.Call> calls() {
    Map<String, KernelCase.Call> calls = new TreeMap<>(rowCalls());
    calls.putAll(elementCalls());
    calls.putAll(matrixCalls());
    return calls;
  }

  private static Map<String, KernelCase.Call> rowCalls() {
    Map<String, KernelCase.Call> calls = new TreeMap<>();
    calls.put(
        "gaussian",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.gaussian(KEY + rows, 0.3f, a.out(n + 20, 7, 7 + n), 7, units);
        });
    calls.put(
        "rademacher",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.rademacher(KEY + rows, 0.3f, a.out(n + 20, 7, 7 + n), 7, units);
        });
    calls.put(
        "gaussians",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats out = a.out(units * lanes + 3, 0, units * lanes);
          k.gaussians(a.words(lanes), a.words(lanes), 0.3f, units, lanes, out);
        });
    calls.put(
        "rademachers",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats out = a.out(units * lanes + 3, 0, units * lanes);
          k.rademachers(a.words(lanes), a.words(lanes), 0.3f, units, lanes, out);
        });
    calls.put(
        "gumbels",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats out = a.out(units * lanes + 3, 0, units * lanes);
          k.gumbels(a.words(lanes), a.words(lanes), units, lanes, out);
        });
    calls.put(
        "gumbel",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.gumbel(KEY + rows, a.out(n + 20, 7, 7 + n), 7, units);
        });
    calls.put(
        "rowSums",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats x = a.in(5 + rows * n);
          k.rowSums(x, 5, n, rows, a.out(rows + 1, 0, rows), a.out(rows + 1, 0, rows));
        });
    calls.put(
        "laneSums",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats sum = a.out(lanes + 1, 0, lanes);
          k.laneSums(a.in(units * lanes), units, lanes, sum, a.out(lanes + 1, 0, lanes));
        });
    calls.put(
        "pairSums",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          for (boolean shared : new boolean[] {true, false}) {
            Floats sum = a.out(lanes + 1, 0, lanes);
            Floats cross = a.out(lanes + 1, 0, lanes);
            Floats square = a.out(lanes + 1, 0, lanes);
            Floats s = a.in(units * lanes);
            k.pairSums(s, shared, a.in(units * lanes), units, lanes, sum, cross, square);
          }
        });
    calls.put(
        "addPairSums",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats[] in = new Floats[5];
          Arrays.setAll(in, i -> a.in(n));
          Floats sum = a.out(n + 1, 0, n);
          Floats square = a.out(n + 1, 0, n);
          k.addPairSums(-1f, in[0], in[1], in[2], in[3], in[4], n, sum, square);
        });
    calls.put(
        "pairFactors",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats[] in = new Floats[4];
          Arrays.setAll(in, i -> a.in(n));
          Floats[] out = new Floats[3];
          Arrays.setAll(out, i -> a.out(n + 1, 0, n));
          k.pairFactors(in[0], in[1], in[2], in[3], n, out[0], out[1], out[2]);
        });
    calls.put(
        "rowTimes",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats out = a.out(n + 9, 5, 5 + n);
          k.rowTimes(a.in(3 * rows + 2), 2, 3, rows, a.in(rows * n + 1), 1, n, out, 5);
        });
    calls.put(
        "rowProducts",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats out = a.out(units + 9, 5, 5 + units);
          k.rowProducts(a.in(units * lanes), units, lanes, a.in(rows), rows, out, 5);
        });
    calls.put(
        "labelProbability",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          Floats z = a.out(units * lanes + 3, 0, units * lanes);
          k.labelProbability(z, units, lanes, units / 2, a.out(lanes + 1, 0, lanes));
        });
    calls.put(
        "columnSums",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.columnSums(a.in(rows * n), rows, n, a.out(n + 3, 0, n));
        });
    calls.put(
        "normalise",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats z = a.out(rows * n + 3, 0, rows * n);
          k.normalise(a.in(rows), a.in(rows), a.in(n), a.in(n + 9), 9, rows, n, z);
        });
    calls.put(
        "layerNorm",
        (k, a, units, rows) -> {
          int n = Kernels.padded(rows);
          k.layerNorm(units, a.out(n + 3, 0, n), a.out(n + 3, 0, n), n);
        });
    calls.put(
        "normalisePairs",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          int n = units * lanes;
          for (boolean shared : new boolean[] {true, false}) {
            Floats ws = a.in(n);
            Floats wh = a.in(n);
            Floats mean = a.in(lanes);
            Floats scale = a.in(lanes);
            Floats wsum = a.in(units);
            Floats bias = a.in(units + 9);
            Floats z = a.out(n + 3, 0, n);
            k.normalisePairs(ws, shared, wh, -1f, mean, scale, wsum, bias, 9, units, lanes, z);
          }
        });
    return calls;
  }

  private static Map<String, KernelCase.Call> elementCalls() {
    Map<String, KernelCase.Call> calls = new TreeMap<>();
    calls.put(
        "countBelow",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          int[] count = a.words(lanes);
          k.countBelow(a.in(units * lanes), units, lanes, a.in(lanes), count);
        });
    calls.put(
        "tanh",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.tanh(a.out(n + 20, 7, 7 + n), 7, n);
        });
    calls.put(
        "clear",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.clear(a.out(n + 3, 0, n), n);
        });
    calls.put(
        "atLeast",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          int n = units * lanes;
          k.atLeast(a.in(n), units, lanes, a.in(lanes), a.out(n + 3, 0, n));
        });
    calls.put(
        "positive",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.positive(a.in(n + 3), a.out(n + 3, 0, n), n);
        });
    calls.put(
        "signs",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.signs(a.in(n + 3), 0.3f, a.out(n + 3, 0, n), n);
        });
    calls.put(
        "multiply",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.multiply(a.in(n + 3), a.in(n + 3), a.out(n + 3, 0, n), n);
        });
    calls.put(
        "addToRows",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.addToRows(a.in(rows), a.out(rows * n + 3, 0, rows * n), rows, n);
        });
    calls.put(
        "scaleRows",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats x = a.in(rows * n);
          k.scaleRows(x, a.in(rows), a.out(rows * n + 3, 0, rows * n), rows, n);
        });
    calls.put(
        "addScaled",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.addScaled(0.7f, a.in(n + 5), 5, a.out(n + 9, 4, 4 + n), 4, n);
        });
    calls.put(
        "add",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          k.add(a.in(n + 3), a.out(n + 3, 0, n), n);
        });
    calls.put(
        "combine",
        (k, a, units, rows) -> {
          int lanes = Kernels.padded(rows);
          int n = units * lanes;
          Floats out = a.out(n + 3, 0, n);
          k.combine(a.in(lanes), a.in(n), a.in(lanes), a.in(n), a.in(lanes), units, lanes, out);
        });
    calls.put(
        "log",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats x = a.out(n + 3, 0, n);
          for (int i = 0; i < n; i++) {
            x.set(i, x.get(i) * x.get(i));
          }
          k.log(x, 1e-10f, a.out(n + 3, 0, n), n);
        });
    calls.put(
        "activatePair",
        (k, a, units, rows) -> {
          int n = rows * Kernels.padded(units);
          for (boolean gated : new boolean[] {true, false}) {
            Floats noise = a.out(n + 3, 0, n);
            Floats s = a.out(n + 3, 0, n);
            Floats h = a.out(n + 3, 0, n);
            k.activatePair(a.in(n), a.in(n), a.in(n), a.in(n), gated, noise, n, s, h);
          }
        });
    return calls;
  }

  private static Map<String, KernelCase.Call> matrixCalls() {
    Map<String, KernelCase.Call> calls = new TreeMap<>();
    calls.put(
        "sparseProduct",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          int[] index = a.someRows(rows);
          float[] value = a.in(rows).toArray();
          k.sparseProduct(
              index, value, 0, index.length, a.in(rows * n), n, a.out(n + 9, 5, 5 + n), 5);
        });
    calls.put(
        "sparseUpdate",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          int[] index = a.someRows(rows);
          Floats w = a.out(rows * n + 3, 0, rows * n);
          k.sparseUpdate(index, a.in(rows).toArray(), 0, index.length, a.in(n + 5), 5, w, n);
        });
    calls.put(
        "multiplyAdd",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          int inner = Math.min(units, 40);
          Floats b = a.in(inner * n + 2);
          Floats c = a.out(rows * (n + 16) + 9, 4, 4 + rows * (n + 16));
          k.multiplyAdd(rows, n, inner, a.in(rows * inner + 3), 3, inner, 1, b, 2, n, c, 4, n + 16);
          k.multiplyAdd(rows, n, inner, a.in(rows * inner), 0, 1, rows, b, 2, n, c, 4, n + 16);
          // the narrowest b, a multiple of its width apart: a block of its own
          Floats narrow = a.out(rows * 16 + 3, 0, rows * 16);
          k.multiplyAdd(rows, 16, inner, a.in(rows * n), 0, n, 1, b, 0, 16, narrow, 0, 16);
        });
    calls.put(
        "pairMoments",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.pairMoments(a.in(n), a.in(n), n, a.out(9, 0, 5));
        });
    calls.put(
        "dots",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          k.dots(a.in(n), a.in(rows * n), rows, n, a.out(rows + 2, 0, rows));
        });
    calls.put(
        "pairTimes",
        (k, a, units, rows) -> {
          int n = Kernels.padded(rows);
          Floats out = a.out(3 * n + 5, 0, 3 * n);
          k.pairTimes(a.in(units), a.in(units), units, a.in(units * n + 4), 4, n, out);
        });
    calls.put(
        "scatterRows",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          int[] row = a.words(rows);
          int[] to = a.words(rows);
          Arrays.setAll(row, i -> Math.floorMod(row[i], 5));
          Arrays.setAll(to, i -> Math.floorMod(to[i], 3));
          float[] f = a.in(rows).toArray();
          Floats out = a.out(3 * (n + 16), 0, 3 * (n + 16));
          k.scatterRows(row, to, f, rows, a.in(5 * n + 4), 4, n, out, n + 16);
        });
    calls.put(
        "hadamard",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          int powers = Integer.highestOneBit(rows);
          k.hadamard(a.out(powers * n + 3, 0, powers * n), powers, n);
        });
    calls.put(
        "addOuter",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats c = a.out(rows * n + 9, 6, 6 + rows * n);
          k.addOuter(0.7f, a.in(rows), rows, a.in(n), n, c, 6);
        });
    calls.put(
        "rankOne",
        (k, a, units, rows) -> {
          int n = Kernels.padded(units);
          Floats c = a.out(rows * n + 9, 6, 6 + rows * n);
          k.rankOne(rows, n, a.in(rows + 1), 1, a.in(n + 3), 3, a.in(n + 5), 5, c, 6);
        });
    return calls;
  }

  @TestFactory
  Stream<DynamicTest> scalarAndSimdGiveTheSameBits() {
    return calls().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> compare(e.getKey(), e.getValue())));
  }

  private static void compare(String name, KernelCase.Call call) {
    for (int units : UNITS) {
      for (int rows : ROWS) {
        KernelCase.assertSameBits(name, call, SCALAR, SIMD, units, rows);
      }
    }
  }

  @Test
  void everyKernelIsCompared() {
    var kernels =
        Arrays.stream(Kernels.class.getMethods())
            .filter(m -> !Modifier.isStatic(m.getModifiers()))
            .map(Method::getName)
            .filter(name -> !name.equals("name"))
            .collect(Collectors.toSet());
    assertThat(calls().keySet()).isEqualTo(kernels);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void productAgreesWithEjml(boolean transposed) {
    int m = 33;
    int n = 48;
    int inner = 207;
    FMatrixRMaj a = new FMatrixRMaj(m, inner, true, TestData.normals(1, m * inner));
    FMatrixRMaj b = new FMatrixRMaj(inner, n, true, TestData.normals(2, inner * n));
    FMatrixRMaj expected = new FMatrixRMaj(m, n);
    CommonOps_FDRM.mult(a, b, expected);
    float[] given = transposed ? CommonOps_FDRM.transpose(a, null).data : a.data;
    int row = transposed ? 1 : inner;
    int column = transposed ? m : 1;
    float[] c = new float[m * n];
    Floats left = Floats.over(given);
    Floats right = Floats.over(b.data);
    SIMD.multiplyAdd(m, n, inner, left, 0, row, column, right, 0, n, Floats.over(c), 0, n);
    // sums of 207 terms of size 1: each rounding is at most 2^-24 of about 50
    assertThat(c).usingComparatorWithPrecision(1e-3f).containsExactly(expected.data);
  }

  @Test
  void labelProbabilityIsSoftmax() {
    int units = 10;
    int lanes = 512;
    float[] z = TestData.normals(3, units * lanes);
    Random random = new Random(4);
    for (int i = 0; i < z.length; i++) {
      z[i] *= random.nextInt(20);
    }
    float[] p = new float[lanes];
    SIMD.labelProbability(Floats.over(z.clone()), units, lanes, 3, Floats.over(p));
    for (int r = 0; r < lanes; r++) {
      double total = 0;
      for (int u = 0; u < units; u++) {
        total += StrictMath.exp((double) z[u * lanes + r] - z[3 * lanes + r]);
      }
      assertThat((double) p[r]).isCloseTo(1 / total, within(2e-5 / total + 1e-30));
    }
  }

  /** A lane of a block is the row of its key, whatever the kernels. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 16, 33, 256})
  void blocksHoldRows(int units) {
    int lanes = 48;
    int[] low = new Random(7).ints(lanes).toArray();
    int[] high = new Random(8).ints(lanes).toArray();
    Floats row = Floats.of(Kernels.padded(units));
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      Floats gaussians = Floats.of(units * lanes);
      Floats gumbels = Floats.of(units * lanes);
      kernels.gaussians(low, high, 0.3f, units, lanes, gaussians);
      Floats signs = Floats.of(units * lanes);
      kernels.gumbels(low, high, units, lanes, gumbels);
      kernels.rademachers(low, high, 0.3f, units, lanes, signs);
      for (int r = 0; r < lanes; r++) {
        long key = (long) high[r] << 32 | (low[r] & 0xffffffffL);
        kernels.gaussian(key, 0.3f, row, 0, units);
        assertThat(column(gaussians, lanes, r)).containsExactly(row.copyOfRange(0, units));
        kernels.rademacher(key, 0.3f, row, 0, units);
        assertThat(column(signs, lanes, r)).containsExactly(row.copyOfRange(0, units));
        kernels.gumbel(key, row, 0, units);
        assertThat(column(gumbels, lanes, r)).containsExactly(row.copyOfRange(0, units));
      }
    }
  }

  private static float[] column(Floats block, int lanes, int r) {
    float[] column = new float[block.length() / lanes];
    for (int u = 0; u < column.length; u++) {
      column[u] = block.get(u * lanes + r);
    }
    return column;
  }

  @Test
  void logOfWhatIsNotFiniteIsNaN() {
    float[] x = TestData.normals(5, 48);
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 3 == 0 ? Float.NaN : i % 3 == 1 ? Float.POSITIVE_INFINITY : Math.abs(x[i]);
    }
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      float[] out = new float[x.length];
      kernels.log(Floats.over(x), 1e-10f, Floats.over(out), x.length);
      for (int i = 0; i < x.length; i++) {
        assertThat(Float.isNaN(out[i])).as(kernels.name() + " " + x[i]).isEqualTo(i % 3 != 2);
      }
    }
  }

  @Test
  void tanhIsThatOfDoubles() {
    float[] x = new float[4096];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 2048) / 128f;
    }
    x[0] = Float.POSITIVE_INFINITY;
    x[1] = Float.NEGATIVE_INFINITY;
    x[2] = Float.NaN;
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      float[] y = x.clone();
      kernels.tanh(Floats.over(y), 0, y.length);
      assertThat(Float.isNaN(y[2])).isTrue();
      for (int i = 0; i < x.length; i++) {
        if (i != 2) {
          assertThat((double) y[i]).isCloseTo(Math.tanh(x[i]), within(1.5e-7));
        }
      }
    }
  }

  @Test
  void labelProbabilityOfNaNIsNaN() {
    for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
      for (int at = 0; at < 10; at++) {
        float[] z = TestData.normals(6, 10 * 16);
        z[16 * at] = Float.NaN;
        float[] p = new float[16];
        kernels.labelProbability(Floats.over(z), 10, 16, 3, Floats.over(p));
        assertThat(p[0]).as(kernels.name() + ", NaN at " + at).isNaN();
      }
    }
  }

  @Test
  void hadamardIsTheSumWithSigns() {
    int rows = 8;
    float[] x = TestData.normals(3, rows * Kernels.LANES);
    Floats out = Floats.over(x.clone());
    SIMD.hadamard(out, rows, Kernels.LANES);
    Floats column = Floats.of(rows);
    for (int q = 0; q < rows; q++) {
      column.set(q, x[q * Kernels.LANES]);
    }
    Functions.hadamard(column, rows);
    for (int p = 0; p < rows; p++) {
      for (int j = 0; j < Kernels.LANES; j++) {
        double sum = 0;
        for (int q = 0; q < rows; q++) {
          sum += (Integer.bitCount(p & q) % 2 == 0 ? 1 : -1) * (double) x[q * Kernels.LANES + j];
        }
        assertThat(out.get(p * Kernels.LANES + j)).isCloseTo((float) sum, within(1e-5f));
      }
      assertThat(column.get(p)).isEqualTo(out.get(p * Kernels.LANES));
    }
  }
}
