package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** One call of a kernel on random arrays, with a record of what it may modify. */
final class KernelCase {
  /** Makes its arrays, then calls. */
  interface Call {
    void run(Kernels kernels, KernelCase arrays, int units, int rows);
  }

  /** Elements of each array before and after the stretch that a kernel is given. */
  private static final int ASIDE = 5;

  private record Held(float[] array, float[] before, int from, int to) {
    void assertRestUntouched(String what) {
      for (int i = 0; i < array.length; i++) {
        if ((i < from || i >= to)
            && Float.floatToRawIntBits(array[i]) != Float.floatToRawIntBits(before[i])) {
          fail(what + ": element " + i + " is outside of what may be modified");
        }
      }
    }
  }

  private final Random random = new Random(20260101);
  private final List<Held> held = new ArrayList<>();
  private final List<int[]> heldWords = new ArrayList<>();

  private KernelCase() {}

  /** An array that is not to be modified. */
  Floats in(int n) {
    return out(n, 0, 0);
  }

  /** An array of which only {@code from} to {@code to} may be modified. */
  Floats out(int n, int from, int to) {
    float[] array = new float[n + 2 * ASIDE];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextGaussian();
    }
    held.add(new Held(array, array.clone(), ASIDE + from, ASIDE + to));
    return new Floats(array, ASIDE, n);
  }

  /** Any integers, which may be modified. */
  int[] words(int n) {
    int[] words = random.ints(n).toArray();
    heldWords.add(words);
    return words;
  }

  /** Increasing row numbers below {@code rows}, about half of them. */
  int[] someRows(int rows) {
    return IntStream.range(0, rows).filter(i -> random.nextBoolean()).toArray();
  }

  static void assertSameBits(String name, Call call, Kernels a, Kernels b, int units, int rows) {
    KernelCase first = new KernelCase();
    KernelCase second = new KernelCase();
    call.run(a, first, units, rows);
    call.run(b, second, units, rows);
    for (int i = 0; i < first.heldWords.size(); i++) {
      String what = "%s, units %d, rows %d, integers %d".formatted(name, units, rows, i);
      assertThat(second.heldWords.get(i)).as(what).isEqualTo(first.heldWords.get(i));
    }
    for (int i = 0; i < first.held.size(); i++) {
      String what = "%s, units %d, rows %d, array %d".formatted(name, units, rows, i);
      int[] bits = bits(first.held.get(i).array);
      assertThat(bits(second.held.get(i).array)).as(what).isEqualTo(bits);
      first.held.get(i).assertRestUntouched(what);
    }
  }

  private static int[] bits(float[] x) {
    int[] out = new int[x.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.floatToRawIntBits(x[i]);
    }
    return out;
  }
}
