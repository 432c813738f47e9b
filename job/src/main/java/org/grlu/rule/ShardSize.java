package org.grlu.rule;

import java.util.List;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * How many bytes shards of a step return: at each root of a shard the first layer, as coefficients
 * or as a matrix, and the matrices of all deeper layers.
 *
 * @param shape of the network
 * @param grid of the step
 */
public record ShardSize(NetworkShape shape, LeafGrid grid) {
  /** Of a root: its level and index, the reward, and the form of its first layer. */
  private static final int HEADER = 2 * Integer.BYTES + Double.BYTES + 1;

  /** What {@link ShardWorker#compute} returns for shard {@code i} of {@code shards}. */
  public long of(int i, int shards) {
    return of(grid.roots(grid.shardStart(i, shards), grid.shardStart(i + 1, shards)));
  }

  long of(List<LeafGrid.Node> roots) {
    boolean asMatrix = matrixIsSmaller(roots);
    long deeper = 0;
    for (int l = 1; l < shape.depth(); l++) {
      deeper += (long) Weights.rows(shape, l) * shape.stride(l);
    }
    long floats = 0;
    for (LeafGrid.Node root : roots) {
      boolean matrix = asMatrix && isWhole(root);
      long rows = matrix ? Weights.rows(shape, 0) : grid.examples(root);
      floats += rows * shape.stride(0) + deeper;
    }
    return floats * Float.BYTES + (long) roots.size() * HEADER;
  }

  /** Whether the matrices of the first layer are smaller than the coefficients they are made of. */
  boolean matrixIsSmaller(List<LeafGrid.Node> roots) {
    long whole = roots.stream().filter(this::isWhole).count();
    long examples = roots.stream().filter(this::isWhole).mapToLong(grid::examples).sum();
    return whole * Weights.rows(shape, 0) < examples;
  }

  private boolean isWhole(LeafGrid.Node root) {
    return root.level() >= grid.blockLevel();
  }
}
