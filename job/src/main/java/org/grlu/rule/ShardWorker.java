package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.PixelScale;
import org.grlu.network.Weights;

/**
 * Computes a shard, a contiguous range of a step's leaves, in one thread, and packs its sums: those
 * at the roots of its maximal aligned subtrees. {@link StepCompletion} unpacks them.
 *
 * <p>The first layer travels as coefficients or as the matrix they expand to, whichever is smaller
 * for the shard; the same terms are added in the same order either way.
 */
public final class ShardWorker {
  static final byte COEFFICIENTS = 0;
  static final byte MATRIX = 1;

  private final NetworkShape shape;
  private final LeafGrid grid;
  private final StepTree tree;
  private final WeightUpdate update;
  private final ShardSize size;
  private final InputBatch batch;
  private float[] coefficients = new float[0];
  private float[] matrix = new float[0];

  /** For steps of one shape, rule and grid. */
  public ShardWorker(NetworkShape shape, PixelScale pixels, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.grid = grid;
    this.tree = new StepTree(shape, rule, grid);
    this.update = new WeightUpdate(shape, rule, grid);
    this.size = new ShardSize(shape, grid);
    this.batch = new InputBatch(shape, pixels);
  }

  /**
   * Computes leaves {@code from} to {@code to}, counted among those that hold work.
   *
   * @param weights Not modified.
   * @param order Not modified. The images of the whole step
   * @return the packed sums
   */
  public byte[] compute(
      StepSettings step,
      Perturbations perturbations,
      Weights weights,
      LabelledImages images,
      int[] order,
      int from,
      int to) {
    List<LeafGrid.Node> roots = grid.roots(from, to);
    if (roots.isEmpty()) {
      return new byte[0];
    }
    int stride = shape.stride(0);
    int batchFrom = grid.firstExample(grid.number(from) >> grid.blockLevel());
    int batchTo = grid.firstExample((grid.number(to - 1) >> grid.blockLevel()) + 1);
    batch.load(images, order, batchFrom, batchTo - batchFrom);
    if (coefficients.length < (batchTo - batchFrom) * stride) {
      coefficients = new float[(batchTo - batchFrom) * stride];
    }
    tree.begin(weights, batch, batchFrom, perturbations);
    boolean asMatrix = size.matrixIsSmaller(roots);
    int bytes = Math.toIntExact(size.of(roots));
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (LeafGrid.Node root : roots) {
      LeafSums sums = tree.sum(root, coefficients);
      boolean whole = root.level() >= grid.blockLevel();
      out.putInt(root.level()).putInt(root.index()).putDouble(sums.reward);
      out.put(whole && asMatrix ? MATRIX : COEFFICIENTS);
      if (!whole) {
        put(out, sums.coefficients, 0, grid.examples(root) * stride);
      } else {
        int first = grid.firstBlockExample(root) - batchFrom;
        int n = grid.examples(root);
        update.scale(step, coefficients, first * stride, n * stride);
        if (asMatrix) {
          matrix = cleared(matrix, Weights.rows(shape, 0) * stride);
          update.expand(batch, batchFrom, coefficients, root, matrix);
          put(out, matrix, 0, matrix.length);
        } else {
          put(out, coefficients, first * stride, n * stride);
        }
      }
      for (int l = 1; l < shape.depth(); l++) {
        put(out, sums.deeper[l], 0, sums.deeper[l].length);
      }
    }
    return out.array();
  }

  private static float[] cleared(float[] x, int n) {
    if (x.length < n) {
      return new float[n];
    }
    Arrays.fill(x, 0f);
    return x;
  }

  private static void put(ByteBuffer out, float[] x, int at, int n) {
    out.asFloatBuffer().put(x, at, n);
    out.position(out.position() + n * Float.BYTES);
  }
}
