package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;

/**
 * Cuts the matrices that a step's leaves return into slices of rows. Slice s of n has the rows from
 * {@code rows s / n} to {@code rows (s + 1) / n} of each matrix. Rows are added independently of
 * each other. The tree of each slice can therefore be completed by itself, and any number of slices
 * gives the same bits. Slices contain neither layers whose updates travel as coefficients nor the
 * rule's own sums.
 */
public final class RowSlices {
  private final SumsLayout layout;
  private final int count;

  /**
   * Creates slices of the sums of one shape and rule.
   *
   * @param count the number of slices
   */
  public RowSlices(NetworkShape shape, LearningRule rule, int count) {
    this(new SumsLayout(shape, rule), count);
  }

  RowSlices(SumsLayout layout, int count) {
    this.layout = layout;
    this.count = count;
  }

  /** Returns the number of slices. */
  public int count() {
    return count;
  }

  /** Returns whether slot {@code i} is cut. */
  boolean cuts(int i) {
    return layout.slot(i).isMatrix();
  }

  /** Returns the position where a slice of slot {@code i} starts, in floats. */
  private int start(int i, int slice) {
    SumsLayout.Slot slot = layout.slot(i);
    int rows = Math.toIntExact((long) slot.rows() * slice / count);
    return rows * (slot.width() / slot.rows());
  }

  private int length(int i, int slice) {
    return start(i, slice + 1) - start(i, slice);
  }

  private IntStream slots() {
    return IntStream.range(0, layout.size()).filter(this::cuts);
  }

  /** Returns the number of bytes of a slice, for the sums of one node. */
  public int bytes(int slice) {
    return Math.toIntExact(slots().mapToLong(i -> length(i, slice)).sum() * Float.BYTES);
  }

  /** Returns new memory for a shard's slices, with room for {@code nodes} nodes in each. */
  ByteBuffer[] buffers(int nodes) {
    return IntStream.range(0, count)
        .mapToObj(s -> ByteBuffer.allocate(Math.multiplyExact(nodes, 2 * Integer.BYTES + bytes(s))))
        .map(buffer -> buffer.order(ByteOrder.LITTLE_ENDIAN))
        .toArray(ByteBuffer[]::new);
  }

  /** Begins a node in each slice: writes the node's level and index. */
  void put(LeafGrid.Node node, ByteBuffer[] out) {
    for (ByteBuffer each : out) {
      each.putInt(node.level()).putInt(node.index());
    }
  }

  /**
   * Writes slot {@code i} of the current node into all slices. Slots must come in ascending order.
   */
  void put(int i, Floats matrix, ByteBuffer[] out) {
    for (int s = 0; s < count; s++) {
      int n = length(i, s);
      matrix.put(out[s].asFloatBuffer(), start(i, s), n);
      out[s].position(out[s].position() + n * Float.BYTES);
    }
  }

  /**
   * Completes the tree of one slice.
   *
   * @param slice the number of the slice
   * @param shards the bytes that each shard wrote into the slice, in any order
   * @param out Modified. It receives the sums, {@link #bytes} bytes
   * @throws IllegalStateException if a leaf's sums are missing
   */
  public void complete(LeafGrid grid, int slice, List<byte[]> shards, ByteBuffer out) {
    int n = bytes(slice);
    Map<LeafGrid.Node, FloatBuffer> received = new HashMap<>();
    for (byte[] each : shards) {
      ByteBuffer in = ByteBuffer.wrap(each).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        LeafGrid.Node node = new LeafGrid.Node(in.getInt(), in.getInt());
        received.put(
            node, in.slice(in.position(), n).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        in.position(in.position() + n);
      }
    }
    Floats sum = sum(new LeafGrid.Node(grid.rootLevel(), 0), grid, received, n / Float.BYTES);
    sum.put(out.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), 0, n / Float.BYTES);
    out.position(out.position() + n);
  }

  private static Floats sum(
      LeafGrid.Node node, LeafGrid grid, Map<LeafGrid.Node, FloatBuffer> received, int n) {
    FloatBuffer given = received.get(node);
    if (given != null) {
      Floats sum = Floats.of(Kernels.padded(n));
      sum.take(given, 0, n);
      return sum;
    }
    if (node.level() == 0) {
      throw new IllegalStateException("leaf " + node.index() + " was not computed");
    }
    Floats sum = sum(node.left(), grid, received, n);
    if (grid.holdsWork(node.right())) {
      Kernels.best().add(sum(node.right(), grid, received, n), sum, Kernels.padded(n));
    }
    return sum;
  }

  /**
   * Copies a completed slice into the sums.
   *
   * @param in the slice's bytes, read from the buffer's position on
   * @param sums Modified. The sums by slot, of which those that are cut change
   */
  void take(int slice, ByteBuffer in, Floats[] sums) {
    FloatBuffer floats = in.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    slots().forEach(i -> sums[i].take(floats, start(i, slice), length(i, slice)));
  }
}
