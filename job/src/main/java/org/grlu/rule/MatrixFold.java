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
 * Completes the tree for arrays that are summed over all examples: sums and matrices that shards
 * returned, and matrices into which coefficients expand. Each thread walks the tree for its own
 * rows and adds them in the tree's order. Any number of threads therefore gives the same bits.
 */
final class MatrixFold {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final SumsLayout layout;
  private final LeafGrid grid;
  private final LeafGrid.Node root;
  private final RowThreads threads;
  private final Arena memory;

  /** The expansion of each thread. */
  private final Expansion[] expansions;

  /** The sums being added, by slot and depth of the walk. They are allocated when first needed. */
  private final List<ArrayList<Floats>> buffers;

  // the step that is being completed
  private Map<LeafGrid.Node, NodeSums> received;
  private Floats[] perExample;
  private Supplier<InputBatch> examples;

  // the slot that is being summed
  private int slot;
  private double operations;
  private boolean expands;

  /** The nodes under which at least one shard returned a matrix. */
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
   * @param received Not modified. The sums that shards returned, by node
   * @param perExample Not modified. The scaled coefficients of all examples, by slot
   * @param examples supplies all examples of the step, the same object at each call. It is called
   *     only if coefficients are expanded
   * @param perturbations the step's random numbers
   * @param weights Not modified
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
   * Returns slot {@code i}'s sum over the whole step. The result is in this object's memory and
   * valid until the next step.
   *
   * @return null if the slot has rows of examples only, or if no matrix was returned and threads
   *     would not speed up the expansion. Coefficients are then expanded directly into the weights
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
      // the update of one example must not be rounded before it is added to the weights
      if (!images || grid.batch() == 1 || !threads.divides(operations)) {
        return null;
      }
    }
    while (buffers.get(i).size() < Math.max(1, depth)) {
      buffers.get(i).add(memory.of(Kernels.padded(of.sumLength())));
    }
    if (expands) {
      // loads the examples once, before several threads ask for them
      Objects.requireNonNull(examples.get());
    }
    int rows = of.expands() && !images ? 1 : Math.max(1, of.rows());
    int width = of.sumLength() / rows;
    threads.run(rows, operations, (thread, from, to) -> walk(root, 0, thread, from, to, width));
    return buffers.get(i).get(0);
  }

  /**
   * Returns how many buffers the walk of a subtree needs, which is 0 if no shard returned a matrix
   * for it. Adds the walk's operations to {@link #operations}.
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

  /** Counts the operations that expand a subtree's coefficients. */
  private void expand(LeafGrid.Node node) {
    expands = true;
    operations += ShardSize.expansion(shape, slot) * grid.examples(node);
  }

  /** Sums some rows of a subtree into the buffer of depth {@code depth}. */
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
