package org.grlu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class ArenaTest {
  private static final int[] LENGTHS = {1, 10, 16, 17, 256, 3000, 70_000, 200_704};

  /** Stretches of all lengths, element i being {@code seed + i}; they were zero. */
  private static List<Floats> filled(Arena arena, int seed) {
    List<Floats> all = new ArrayList<>();
    for (int length : LENGTHS) {
      Floats x = arena.of(length);
      assertThat(x.length()).isEqualTo(length);
      assertThat(x.toArray()).containsOnly(0f);
      for (int i = 0; i < length; i++) {
        x.set(i, seed + i);
      }
      all.add(x);
    }
    return all;
  }

  private static boolean holds(Floats x, int seed) {
    boolean holds = true;
    for (int i = 0; i < x.length(); i++) {
      holds &= x.get(i) == seed + i;
    }
    return holds;
  }

  /** With the collector of the tests' JVM; the trials' test has others. */
  @Test
  void whateverMovesStretchesStartOnLinesAndKeepTheirNumbers() throws Exception {
    List<Arena> arenas = new ArrayList<>();
    List<List<Floats>> stretches = new ArrayList<>();
    Object[] between = new Object[1];
    boolean moved = false;
    for (int round = 0; round < 20; round++) {
      // what lies between them goes, so that a collector that packs moves the rest by any multiple
      between[0] = new byte[17 + 8 * (round % 5)];
      arenas.add(new Arena());
      stretches.add(filled(arenas.get(round), round));
      between[0] = arenas;
      System.gc();
      int into = 0;
      for (int seed = 0; seed <= round; seed++) {
        moved |= arenas.get(seed).onLines() == Arena.OnLines.NO;
        arenas.get(seed).settle();
        for (Floats x : stretches.get(seed)) {
          into |= bytesIntoLine(x);
        }
      }
      assertThat(into).isZero();
      for (int seed = 0; seed <= round; seed++) {
        for (Floats x : stretches.get(seed)) {
          assertThat(holds(x, seed)).isTrue();
        }
      }
      // what is handed out after a move is zero, too
      stretches.get(round / 2).addAll(filled(arenas.get(round / 2), round / 2));
    }
    assertThat(moved).as("a collector that moves nothing tests nothing").isTrue();
  }

  /** Where a stretch is by what the JVM itself says of its references. */
  private static int bytesIntoLine(Floats x) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field field = type.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    Object unsafe = field.get(null);
    Method read = type.getMethod("getInt", Object.class, long.class);
    Method base = type.getMethod("arrayBaseOffset", Class.class);
    Object[] holder = {x.array()};
    long reference =
        (int) read.invoke(unsafe, holder, (long) (int) base.invoke(unsafe, Object[].class));
    long first = (int) base.invoke(unsafe, float[].class);
    return (int) (((reference << SHIFT) + first + 4L * x.at()) & 63);
  }

  private static final int SHIFT = shift();

  private static int shift() {
    try {
      String info =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "vmInfo",
                      null,
                      null);
      assertThat(info).contains("Compressed Oops mode: ");
      Matcher shift = Pattern.compile("Oop shift amount: (\\d)").matcher(info);
      return shift.find() ? Integer.parseInt(shift.group(1)) : 0;
    } catch (Exception e) {
      throw new LinkageError("no vmInfo", e);
    }
  }
}
