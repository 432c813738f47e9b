package org.grlu.rule;

import java.util.List;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;

/**
 * Computes how many bytes the shards of a step return. A shard returns all arrays for each of its
 * roots. A layer with coefficients travels as these or as the matrix into which they expand.
 */
public final class ShardSize {
  /** The bytes of a root's header: its level, its index and the sum of its rewards. */
  private static final int HEADER = 2 * Integer.BYTES + Double.BYTES;

  /** The seconds that a float takes to the driver, through a network of 10 Gb/s and some copies. */
  private static final double SECONDS_OF_FLOAT = 4e-9;

  /** The seconds of one addition in the driver. */
  private static final double SECONDS_OF_ADDITION = 1e-9;

  /** The seconds in which an executor writes a float into a shuffle file. */
  private static final double SECONDS_OF_WRITTEN_FLOAT = 1.4e-8;

  /**
   * The seconds in which an executor reads a float from a shuffle file, through a network of 10
   * Gb/s, and adds it.
   */
  private static final double SECONDS_OF_READ_FLOAT = 1.1e-8;

  /** The seconds that one more stage adds to a step. */
  private static final double SECONDS_OF_STAGE = 0.02;

  /** The seconds of a multiplication and an addition in the driver, in two of its threads. */
  private static final double SECONDS_OF_EXPANSION = 1e-10;

  /** The nominal share of an image's pixels that an update touches, because they are not zero. */
  private static final double INKED = 0.2;

  private final NetworkShape shape;
  private final SumsLayout layout;
  private final LeafGrid grid;

  /** Creates an object for the steps of one shape, rule and grid. */
  public ShardSize(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.layout = new SumsLayout(shape, rule);
    this.grid = grid;
  }

  /**
   * Returns the number of bytes that {@link ShardWorker#compute} packs for shard {@code i} of
   * {@code shards}.
   */
  public long of(int i, int shards) {
    return of(roots(i, shards));
  }

  /**
   * Returns the number of those bytes that belong to matrices, which {@link RowSlices} cut if
   * executors fold.
   */
  public long cut(int i, int shards) {
    return cut(roots(i, shards));
  }

  private List<LeafGrid.Node> roots(int i, int shards) {
    return grid.roots(grid.shardStart(i, shards), grid.shardStart(i + 1, shards));
  }

  /**
   * Returns whether the sums of matrices are complete earlier if executors fold, at nominal rates.
   * The driver would receive the matrices of all shards one after the other. Executors write and
   * read their own parts at the same time.
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

  /** Returns the bytes of the matrices of some roots. */
  long cut(List<LeafGrid.Node> roots) {
    return roots.size() * matrices();
  }

  /** Returns the number of bytes of all matrices that one root returns. */
  public long matrices() {
    long floats = 0;
    for (int i = 0; i < layout.size(); i++) {
      floats += layout.slot(i).isMatrix() ? layout.slot(i).width() : 0;
    }
    return floats * Float.BYTES;
  }

  /** Returns the bytes of a shard with these roots. */
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
   * Returns whether layer {@code i}'s coefficients travel as expanded matrices. They do so if the
   * driver then has the sum earlier, at nominal rates.
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

  /**
   * Returns the number of multiplications and additions that expand layer {@code l}'s coefficients
   * of one example.
   */
  static double expansion(NetworkShape shape, int l) {
    Layer layer = shape.layer(l);
    return (layer.readsImages() ? INKED : 1) * layer.length();
  }

  /** Returns whether a root's coefficients may travel as a matrix. */
  boolean expands(LeafGrid.Node root) {
    return root.level() >= grid.expansionLevel();
  }
}
