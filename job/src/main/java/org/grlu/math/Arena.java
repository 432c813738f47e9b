package org.grlu.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory for one thread's numbers, a trial's weights and all that is computed with them: every
 * stretch starts on a cache line.
 *
 * <p>A Java array starts wherever the collector put it, so that its vectors may each lie in two
 * lines, by luck; that was seen to cost up to a third of a step of one example. Stretches therefore
 * lie in a few arrays with room for a line more, and {@link #settle}, at the start of each step,
 * looks where the arrays are and moves the numbers within them if a collector has moved the arrays:
 * with every collector, and at the cost of reading a few addresses. Where addresses can't be had,
 * the first numbers are left out that are right for an array that G1 keeps in regions of its own.
 */
public final class Arena {
  /** In floats. */
  private static final int LINE = CacheLines.BYTES / Float.BYTES;

  private static final int LEAST_BLOCK = 1 << 16;

  /** What lies between a region's start and the first element of an array in it. */
  private static final int HEADER = 16;

  private final List<Block> blocks = new ArrayList<>();

  /** The block that has most room left. */
  private Block open;

  /** Whether stretches start on cache lines. */
  public enum OnLines {
    YES,
    NO,
    /** Addresses can't be had in this JVM. */
    UNKNOWN
  }

  private static final class Block {
    final Floats.Block floats;
    final Object[] holder;
    final int size;
    int used;

    Block(int size) {
      this.size = size;
      float[] array = new float[size + LINE - 1];
      holder = new Object[] {array};
      floats = new Floats.Block(array, skipped());
    }

    int room() {
      return size - used;
    }

    /** How many elements are left out for the next to start a line. */
    int skipped() {
      int into = CacheLines.known() ? CacheLines.into(holder) : HEADER;
      return (CacheLines.BYTES - into) % CacheLines.BYTES / Float.BYTES;
    }

    void settle() {
      int to = skipped();
      int from = floats.at;
      if (to != from) {
        System.arraycopy(floats.array, from, floats.array, to, used);
        // what is handed out next is zero
        Arrays.fill(floats.array, to + used, Math.max(to, from) + used, 0f);
        floats.at = to;
      }
    }
  }

  /** So many zeros. */
  public Floats of(int length) {
    int taken = Math.max(1, (length + LINE - 1) / LINE) * LINE;
    Block block = open;
    if (block == null || block.room() < taken) {
      block = new Block(Math.max(taken, LEAST_BLOCK));
      blocks.add(block);
    }
    Floats floats = new Floats(block.floats, block.used, length);
    block.used += taken;
    if (open == null || open.room() < block.room()) {
      open = block;
    }
    return floats;
  }

  /**
   * Moves what is in it to where it starts on cache lines, if it does not; to be called between
   * steps, when nobody works on it.
   */
  public void settle() {
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).settle();
    }
  }

  /** Whether its stretches start on cache lines now. */
  public OnLines onLines() {
    if (!CacheLines.known()) {
      return OnLines.UNKNOWN;
    }
    boolean all = blocks.stream().allMatch(block -> block.skipped() == block.floats.at);
    return all ? OnLines.YES : OnLines.NO;
  }
}
