package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.Augmentation;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Computes a shard, which is a contiguous range of a step's leaves, in one thread. It packs the
 * sums at the roots of the shard's maximal aligned subtrees. {@link StepCompletion} unpacks them.
 *
 * <p>A layer whose update is coefficients travels as these or as the matrix into which they expand.
 * {@link ShardSize} decides which. The same terms are added in the same order in both cases.
 */
public final class ShardWorker {
  static final byte COEFFICIENTS = 0;
  static final byte MATRIX = 1;

  private final Arena memory;
  private final LeafGrid grid;
  private final SumsLayout layout;
  private final StepTree tree;
  private final UpdateScale scale;
  private final Expansion expansion;
  private final ShardSize size;
  private final Augmentation augmentation;
  private final InputBatch batch;
  private Floats[] perExample;
  private int capacity;
  private Floats matrix = Floats.of(0);

  // the shard that is being computed
  private StepSettings step;
  private int batchFrom;
  private RowSlices cut;
  private ByteBuffer[] slices;

  /**
   * Creates a worker for steps of one shape, rule and grid.
   *
   * @param batch Modified. Each call of {@link #compute} loads its images here
   * @param augmentation the augmentation of the images
   * @param memory where buffers are allocated. It must be the memory of the weights, because each
   *     step settles it
   */
  public ShardWorker(
      NetworkShape shape,
      InputBatch batch,
      Augmentation augmentation,
      LearningRule rule,
      LeafGrid grid,
      Arena memory) {
    this.augmentation = augmentation;
    this.memory = memory;
    this.grid = grid;
    this.layout = new SumsLayout(shape, rule);
    this.tree = new StepTree(layout, rule.worker(shape, grid, memory), grid, memory);
    this.scale = new UpdateScale(shape, rule, grid);
    this.expansion = new Expansion(shape, grid, memory);
    this.size = new ShardSize(shape, rule, grid);
    this.batch = batch;
    this.perExample = layout.perExample(0, new Arena());
  }

  /**
   * Returns how many bytes {@link #compute} packs for the leaves from {@code from} to {@code to}
   * (exclusive).
   */
  public int bytes(int from, int to) {
    return Math.toIntExact(size.of(grid.roots(from, to)));
  }

  /**
   * Returns how many bytes {@link #compute} packs for these leaves beside the slices, if matrices
   * are cut.
   */
  public int bytesBesideSlices(int from, int to) {
    List<LeafGrid.Node> roots = grid.roots(from, to);
    return Math.toIntExact(size.of(roots) - size.cut(roots));
  }

  /** Returns new memory for the slices of these leaves. */
  public ByteBuffer[] slices(RowSlices cutting, int from, int to) {
    return cutting.buffers(grid.roots(from, to).size());
  }

  /**
   * Computes the leaves from {@code from} to {@code to} (exclusive), counted among the leaves that
   * hold work.
   *
   * @param step the number, learning rate and noise scale of the step
   * @param perturbations the step's random numbers
   * @param weights Not modified
   * @param order Not modified. The numbers of the images of the whole step
   * @param out Modified. It receives the packed sums, {@link #bytes} bytes
   */
  public void compute(
      StepSettings step,
      Perturbations perturbations,
      Weights weights,
      LabelledImages images,
      int[] order,
      int from,
      int to,
      ByteBuffer out) {
    compute(step, perturbations, weights, images, order, from, to, out, null, null);
  }

  /**
   * Computes leaves as the other method does, and writes matrices into slices.
   *
   * @param out Modified. It receives all that is not cut, {@link #bytesBesideSlices} bytes
   * @param cutting the slices; null to cut nothing
   * @param sliced Modified. The memory that {@link #slices} returned; null if {@code cutting} is
   */
  public void compute(
      StepSettings step,
      Perturbations perturbations,
      Weights weights,
      LabelledImages images,
      int[] order,
      int from,
      int to,
      ByteBuffer out,
      RowSlices cutting,
      ByteBuffer[] sliced) {
    cut = cutting;
    slices = sliced;
    List<LeafGrid.Node> roots = grid.roots(from, to);
    if (roots.isEmpty()) {
      return;
    }
    memory.settle();
    LeafGrid.Node last = roots.get(roots.size() - 1);
    this.step = step;
    batchFrom = grid.firstBlockExample(roots.get(0));
    int examples = grid.firstBlockExample(last) + grid.examples(last) - batchFrom;
    if (capacity < examples) {
      capacity = examples;
      perExample = layout.perExample(examples, new Arena());
    }
    long presentation = step.number() * grid.batch() + batchFrom;
    batch.load(images, order, batchFrom, examples, augmentation, presentation);
    tree.begin(weights, batch, batchFrom, perturbations);
    expansion.begin(weights, () -> batch, batchFrom, perturbations, null);
    out.order(ByteOrder.LITTLE_ENDIAN);
    for (LeafGrid.Node root : roots) {
      LeafSums sums = tree.sum(root, perExample);
      out.putInt(root.level()).putInt(root.index()).putDouble(sums.reward);
      for (double each : sums.ofPerturbations()) {
        out.putDouble(each);
      }
      if (cut != null) {
        cut.put(root, slices);
      }
      for (int i = 0; i < layout.size(); i++) {
        put(out, i, sums, root, size.asMatrix(i, roots));
      }
    }
  }

  /** Packs array {@code i} of a root. */
  private void put(ByteBuffer out, int i, LeafSums sums, LeafGrid.Node root, boolean matrices) {
    SumsLayout.Slot slot = layout.slot(i);
    boolean whole = root.level() >= grid.blockLevel();
    boolean asMatrix = matrices && size.expands(root);
    if (slot.expands()) {
      out.put(asMatrix ? MATRIX : COEFFICIENTS);
    }
    if (cut != null && cut.cuts(i)) {
      cut.put(i, sums.array(i), slices);
      return;
    }
    int n = slot.length(grid.examples(root));
    if (!slot.perExample() || !whole) {
      put(out, sums.array(i), 0, n);
      return;
    }
    int at = (grid.firstBlockExample(root) - batchFrom) * slot.width();
    if (slot.expands()) {
      scale.apply(i, step, perExample[i], at, n);
    }
    if (asMatrix) {
      int length = slot.matrixLength();
      matrix = cleared(matrix, length);
      expansion.add(i, perExample[i], root, matrix);
      put(out, matrix, 0, length);
    } else {
      put(out, perExample[i], at, n);
    }
  }

  private static Floats cleared(Floats x, int n) {
    if (x.length() < n) {
      return Floats.of(n);
    }
    x.fill(0, n, 0f);
    return x;
  }

  private static void put(ByteBuffer out, Floats x, int at, int n) {
    x.put(out.asFloatBuffer(), at, n);
    out.position(out.position() + n * Float.BYTES);
  }
}
