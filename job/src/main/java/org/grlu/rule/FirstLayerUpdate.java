package org.grlu.rule;

import java.util.Arrays;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;

/**
 * Expands the first layer's coefficients into its update, {@code sum over examples of value(e)
 * outer coefficients(e)}, where value(e) are the example's pixels as the layer reads them. Examples
 * under a node of {@link LeafGrid#expansionLevel} are added one after the other. The balanced tree
 * adds the sums of these nodes. Only rows of non-zero pixels are touched.
 */
public final class FirstLayerUpdate {
  private final Kernels kernels = Kernels.best();
  private final LeafGrid grid;
  private final int rows;
  private final int stride;

  /** The number of blocks whose examples are added one after the other. */
  private final int chain;

  /** The position where the entries of each row of the matrix start. */
  private final int[] rowStart;

  private int[] example = new int[0];
  private float[] value = new float[0];
  private final Floats[] partial;

  // the row that is being summed
  private int cursor;
  private int end;
  private Floats coefficients;
  private int firstPosition;

  /**
   * Creates an object for steps of one shape and grid.
   *
   * @param memory where buffers are allocated
   */
  public FirstLayerUpdate(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.grid = grid;
    this.rows = shape.layer(0).rows();
    this.stride = shape.stride(0);
    this.chain = 1 << (grid.expansionLevel() - grid.blockLevel());
    this.rowStart = new int[rows + 1];
    this.partial = new Floats[grid.rootLevel() - grid.blockLevel() + 1];
    Arrays.setAll(partial, depth -> memory.of(stride));
  }

  /**
   * Adds the update of an aligned range of example blocks to a matrix.
   *
   * @param batch Not modified. It holds the range's examples
   * @param batchFrom the position in the step of the first example of {@code batch}
   * @param scaled Not modified. The scaled coefficients, (examples of {@code batch} x stride)
   * @param level the level of the subtree over blocks, 0 for a single block
   * @param index the index of the subtree at that level
   * @param matrix Modified. (rows of the first layer x stride)
   */
  public void add(
      InputBatch batch, int batchFrom, Floats scaled, int level, int index, Floats matrix) {
    add(batch, batchFrom, scaled, level, index, 0, rows, matrix);
  }

  /** Adds the update of the rows from {@code fromRow} to {@code toRow} (exclusive) only. */
  void add(
      InputBatch batch,
      int batchFrom,
      Floats scaled,
      int level,
      int index,
      int fromRow,
      int toRow,
      Floats matrix) {
    int from = grid.firstExample(index << level) - batchFrom;
    int to = grid.firstExample((index + 1) << level) - batchFrom;
    if (to - from == 1 && toRow - fromRow == rows) {
      int at = from * stride;
      kernels.sparseUpdate(
          batch.index(),
          batch.value(),
          batch.updateFrom(from),
          batch.updateTo(from),
          scaled,
          at,
          matrix,
          stride);
      return;
    }
    transpose(batch, from, to, fromRow, toRow);
    coefficients = scaled;
    firstPosition = batchFrom;
    for (int row = fromRow; row < toRow; row++) {
      cursor = rowStart[row];
      end = rowStart[row + 1];
      if (cursor < end && sum(index << level, 1 << level, 0)) {
        kernels.addScaled(1f, partial[0], 0, matrix, row * stride, stride);
      }
    }
  }

  /**
   * Sorts the examples' entries of some rows by row of the matrix. Within a row, they stay in the
   * order of the examples.
   */
  private void transpose(InputBatch batch, int from, int to, int fromRow, int toRow) {
    int entries = batch.updateTo(to - 1) - batch.updateFrom(from);
    if (example.length < entries) {
      example = new int[entries];
      value = new float[entries];
    }
    int[] index = batch.index();
    float[] values = batch.value();
    int[] at = rowStart;
    Arrays.fill(at, 0);
    for (int e = from; e < to; e++) {
      int past = batch.updateTo(e);
      for (int k = batch.updateFrom(e); k < past; k++) {
        int row = index[k];
        if (row >= fromRow && row < toRow) {
          at[row]++;
        }
      }
    }
    for (int row = 1; row <= rows; row++) {
      at[row] += at[row - 1];
    }
    for (int e = to - 1; e >= from; e--) {
      int first = batch.updateFrom(e);
      for (int k = batch.updateTo(e) - 1; k >= first; k--) {
        int row = index[k];
        if (row >= fromRow && row < toRow) {
          int entry = --at[row];
          example[entry] = e;
          value[entry] = values[k];
        }
      }
    }
  }

  /**
   * Sums the current row over blocks into partial[depth]. Returns false if the pixel is zero in all
   * examples of these blocks.
   */
  private boolean sum(int block, int blocks, int depth) {
    int past = grid.firstExample(block + blocks) - firstPosition;
    if (cursor == end || example[cursor] >= past) {
      return false;
    }
    if (blocks == chain) {
      int first = cursor;
      while (cursor < end && example[cursor] < past) {
        cursor++;
      }
      kernels.sparseProduct(example, value, first, cursor, coefficients, stride, partial[depth], 0);
      return true;
    }
    boolean left = sum(block, blocks / 2, depth);
    boolean right = sum(block + blocks / 2, blocks / 2, left ? depth + 1 : depth);
    if (left && right) {
      kernels.add(partial[depth + 1], partial[depth], stride);
    }
    return left || right;
  }
}
