package org.grlu.rule;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Completes the tree for what is added as one array: sums and matrices that shards returned, and
 * the matrices that coefficients expand to. Each thread walks the tree for rows of its own, whose
 * additions are in the tree's order: any number of threads gives the same bits.
 */
final class MatrixFold {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final SumsLayout layout;
  private final LeafGrid grid;
  private final LeafGrid.Node root;
  private final RowThreads threads;
  private final Arena memory;

  /** By thread. */
  private final Expansion[] expansions;

  /** By slot, and depth of the walk; made when first needed. */
  private final List<ArrayList<Floats>> buffers;

  // of the step being completed
  private Map<LeafGrid.Node, NodeSums> received;
  private Floats[] perExample;
  private Supplier<InputBatch> examples;

  // of the slot being summed
  private int slot;
  private double operations;
  private boolean expands;

  /** The nodes with a matrix among what shards returned of them. */
  private final Set<LeafGrid.Node> matrices = new HashSet<>();

  MatrixFold(
      NetworkShape shape, SumsLayout layout, LeafGrid grid, RowThreads threads, Arena memory) {
    this.shape = shape;
    this.layout = layout;
    this.grid = grid;
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
    this.threads = threads;
    this.memory = memory;
    this.expansions =
        Stream.generate(() -> new Expansion(shape, grid, memory))
            .limit(threads.count())
            .toArray(Expansion[]::new);
    this.buffers = Stream.generate(ArrayList<Floats>::new).limit(layout.size()).toList();
  }

  /**
   * Begins a step.
   *
   * @param received by node: what shards returned
   * @param perExample Not modified. By slot: all examples' coefficients, scaled
   * @param examples all examples of the step, the same at each call; asked for only where
   *     coefficients are expanded
   * @param perturbations the step's
   * @param weights Not modified.
   */
  void begin(
      Map<LeafGrid.Node, NodeSums> received,
      Floats[] perExample,
      Supplier<InputBatch> examples,
      Perturbations perturbations,
      Weights weights) {
    this.received = received;
    this.perExample = perExample;
    this.examples = examples;
    for (Expansion each : expansions) {
      each.begin(weights, examples, 0, perturbations, null);
    }
  }

  /**
   * Slot {@code i}'s sum over the whole step. Its memory is this object's, good until the next
   * step.
   *
   * @return null where there is no matrix, and dividing the expansion is not worth its while: then
   *     coefficients go to the weights directly
   */
  Floats sum(int i) {
    SumsLayout.Slot of = layout.slot(i);
    if (of.perExample() && !of.expands()) {
      return null;
    }
    slot = i;
    matrices.clear();
    operations = 0;
    expands = false;
    int depth = plan(root);
    boolean images = of.expands() && shape.layer(i).readsImages();
    if (depth == 0) {
      expand(root);
      // one example's is added to the weights without being rounded before
      if (!images || grid.batch() == 1 || !threads.divides(operations)) {
        return null;
      }
    }
    while (buffers.get(i).size() < Math.max(1, depth)) {
      buffers.get(i).add(memory.of(Kernels.padded(of.sumLength())));
    }
    if (expands) {
      // before threads ask at once
      Objects.requireNonNull(examples.get());
    }
    int rows = of.expands() && !images ? 1 : Math.max(1, of.rows());
    int width = of.sumLength() / rows;
    threads.run(rows, operations, (thread, from, to) -> walk(root, 0, thread, from, to, width));
    return buffers.get(i).get(0);
  }

  /**
   * How many buffers the walk of a subtree needs, 0 where it has no matrix; and, in {@link
   * #operations}, how much there is to do.
   */
  private int plan(LeafGrid.Node node) {
    SumsLayout.Slot of = layout.slot(slot);
    NodeSums given = received.get(node);
    boolean within = of.perExample() && node.level() <= grid.expansionLevel();
    if (given == null ? within : given.matrix[slot] == null) {
      return 0;
    }
    matrices.add(node);
    if (given != null) {
      operations += of.sumLength();
      return 1;
    }
    boolean two = grid.holdsWork(node.right());
    int left = plan(node.left());
    int right = two ? plan(node.right()) : 0;
    if (left + right == 0) {
      matrices.remove(node);
      return 0;
    }
    if (left == 0) {
      expand(node.left());
    }
    if (two && right == 0) {
      expand(node.right());
    }
    return Math.max(Math.max(1, left), two ? 1 + Math.max(1, right) : 0);
  }

  /** Counts a subtree whose coefficients are expanded. */
  private void expand(LeafGrid.Node node) {
    expands = true;
    operations += ShardSize.expansion(shape, slot) * grid.examples(node);
  }

  /** Sums some rows of a subtree into the buffer of that depth. */
  private void walk(LeafGrid.Node node, int depth, int thread, int from, int to, int width) {
    Floats sum = buffers.get(slot).get(depth);
    int at = from * width;
    int n = (to - from) * width;
    if (!matrices.contains(node)) {
      sum.fill(at, at + n, 0f);
      if (shape.layer(slot).readsImages()) {
        expansions[thread].addRows(perExample[slot], node, from, to, sum);
      } else {
        expansions[thread].add(slot, perExample[slot], node, sum);
      }
      return;
    }
    NodeSums given = received.get(node);
    if (given != null) {
      FloatBuffer matrix = given.matrix[slot];
      matrix.get(matrix.position() + at, sum.array(), sum.at() + at, n);
      return;
    }
    walk(node.left(), depth, thread, from, to, width);
    if (grid.holdsWork(node.right())) {
      walk(node.right(), depth + 1, thread, from, to, width);
      Floats right = buffers.get(slot).get(depth + 1);
      kernels.addScaled(1f, right, at, sum, at, Kernels.padded(n));
    }
  }
}
