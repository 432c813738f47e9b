package org.grlu.rule;

import java.util.List;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/**
 * How many bytes shards of a step return: at each root of a shard all arrays, layers that are
 * coefficients as these or as the matrix that they expand to.
 */
public final class ShardSize {
  /** Of a root: its level and index, and the reward. */
  private static final int HEADER = 2 * Integer.BYTES + Double.BYTES;

  /** On the way to the driver, through a network of 10 Gb/s and some copies. */
  private static final double SECONDS_OF_FLOAT = 4e-9;

  /** In the driver. */
  private static final double SECONDS_OF_ADDITION = 1e-9;

  /** Into a shuffle's file, in an executor. */
  private static final double SECONDS_OF_WRITTEN_FLOAT = 1.4e-8;

  /** Out of it, through such a network, and added, in an executor. */
  private static final double SECONDS_OF_READ_FLOAT = 1.1e-8;

  /** A stage more in each step. */
  private static final double SECONDS_OF_STAGE = 0.02;

  /** A multiplication and an addition in the driver, by two of its threads. */
  private static final double SECONDS_OF_EXPANSION = 1e-10;

  /** The share of an image's pixels that an update touches. */
  private static final double INKED = 0.2;

  private final NetworkShape shape;
  private final SumsLayout layout;
  private final LeafGrid grid;

  /** Of the steps of one shape, rule and grid. */
  public ShardSize(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.layout = new SumsLayout(shape, rule);
    this.grid = grid;
  }

  /** What {@link ShardWorker#compute} packs for shard {@code i} of {@code shards}. */
  public long of(int i, int shards) {
    return of(roots(i, shards));
  }

  /** Of those bytes, what {@link RowSlices} cut where executors fold. */
  public long cut(int i, int shards) {
    return cut(roots(i, shards));
  }

  private List<LeafGrid.Node> roots(int i, int shards) {
    return grid.roots(grid.shardStart(i, shards), grid.shardStart(i + 1, shards));
  }

  /**
   * Whether the sums of matrices are complete earlier where executors fold, at nominal rates: the
   * driver takes all shards' one after the other, executors write and read their own at once.
   */
  public boolean soonerInCluster(int shards) {
    long most = 0;
    long all = 0;
    for (int i = 0; i < shards; i++) {
      long floats = cut(i, shards) / Float.BYTES;
      most = Math.max(most, floats);
      all += floats;
    }
    double toDriver = SECONDS_OF_FLOAT + SECONDS_OF_ADDITION;
    double read = (double) all / shards;
    double shuffled = most * SECONDS_OF_WRITTEN_FLOAT + read * SECONDS_OF_READ_FLOAT;
    double whole = (double) matrices() / Float.BYTES * toDriver;
    return SECONDS_OF_STAGE + shuffled + whole < all * toDriver;
  }

  long cut(List<LeafGrid.Node> roots) {
    return roots.size() * matrices();
  }

  /** Bytes of all matrices that leaves return. */
  public long matrices() {
    long floats = 0;
    for (int i = 0; i < layout.size(); i++) {
      floats += layout.slot(i).isMatrix() ? layout.slot(i).width() : 0;
    }
    return floats * Float.BYTES;
  }

  long of(List<LeafGrid.Node> roots) {
    long floats = 0;
    long forms = 0;
    for (int i = 0; i < layout.size(); i++) {
      SumsLayout.Slot slot = layout.slot(i);
      boolean asMatrix = asMatrix(i, roots);
      for (LeafGrid.Node root : roots) {
        boolean matrix = asMatrix && expands(root);
        floats += matrix ? slot.matrixLength() : slot.length(grid.examples(root));
        forms += slot.expands() ? 1 : 0;
      }
    }
    long rewards = (long) layout.passes() * Double.BYTES;
    return floats * Float.BYTES + forms + roots.size() * (HEADER + rewards);
  }

  /**
   * Whether layer {@code i} travels as matrices rather than as the coefficients they are made of:
   * where the driver gets to the sum earlier, at nominal rates.
   */
  boolean asMatrix(int i, List<LeafGrid.Node> roots) {
    SumsLayout.Slot slot = layout.slot(i);
    if (!slot.expands()) {
      return false;
    }
    double matrices = 0;
    double coefficients = 0;
    for (LeafGrid.Node root : roots) {
      if (expands(root)) {
        matrices += slot.matrixLength() * (SECONDS_OF_FLOAT + SECONDS_OF_ADDITION);
        int examples = grid.examples(root);
        coefficients += slot.length(examples) * SECONDS_OF_FLOAT;
        coefficients += examples * expansion(shape, i) * SECONDS_OF_EXPANSION;
      }
    }
    return matrices < coefficients;
  }

  /** Multiplications and additions that expand layer {@code l}'s coefficients of one example. */
  static double expansion(NetworkShape shape, int l) {
    Layer layer = shape.layer(l);
    return (layer.readsImages() ? INKED : 1) * layer.length();
  }

  /** Whether a root's coefficients may travel as a matrix. */
  boolean expands(LeafGrid.Node root) {
    return root.level() >= grid.expansionLevel();
  }
}
