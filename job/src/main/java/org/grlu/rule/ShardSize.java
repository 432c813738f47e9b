package org.grlu.rule;

import java.util.List;
import org.grlu.network.NetworkShape;

/**
 * How many bytes shards of a step return: at each root of a shard all arrays, layers that are
 * coefficients as these or as the matrix that they expand to.
 */
public final class ShardSize {
  /** Of a root: its level and index, and the reward. */
  private static final int HEADER = 2 * Integer.BYTES + Double.BYTES;

  private final SumsLayout layout;
  private final LeafGrid grid;

  /** Of the steps of one shape, rule and grid. */
  public ShardSize(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.layout = new SumsLayout(shape, rule);
    this.grid = grid;
  }

  /** What {@link ShardWorker#compute} returns for shard {@code i} of {@code shards}. */
  public long of(int i, int shards) {
    return of(grid.roots(grid.shardStart(i, shards), grid.shardStart(i + 1, shards)));
  }

  long of(List<LeafGrid.Node> roots) {
    long floats = 0;
    long forms = 0;
    for (int i = 0; i < layout.size(); i++) {
      SumsLayout.Slot slot = layout.slot(i);
      boolean asMatrix = matrixIsSmaller(slot, roots);
      for (LeafGrid.Node root : roots) {
        boolean matrix = asMatrix && expands(root);
        floats += matrix ? slot.matrixLength() : slot.length(grid.examples(root));
        forms += slot.expands() ? 1 : 0;
      }
    }
    return floats * Float.BYTES + forms + (long) roots.size() * HEADER;
  }

  /** Whether the matrices of a layer are smaller than the coefficients they are made of. */
  boolean matrixIsSmaller(SumsLayout.Slot slot, List<LeafGrid.Node> roots) {
    long whole = roots.stream().filter(this::expands).count();
    long examples = roots.stream().filter(this::expands).mapToLong(grid::examples).sum();
    return slot.expands() && whole * slot.rows() < examples;
  }

  /** Whether a root's coefficients may travel as a matrix. */
  boolean expands(LeafGrid.Node root) {
    return root.level() >= grid.expansionLevel();
  }
}
