package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.Weights;

/**
 * Walks the balanced binary tree over a step's leaves in one thread, and computes the sums of any
 * subtree. A subtree's sums have the same bits in every process. Node (level, index) covers the
 * leaves with numbers from {@code index << level} to {@code (index + 1) << level} (exclusive).
 */
final class StepTree {
  private final Kernels kernels = Kernels.best();
  private final LeafGrid grid;
  private final LearningRule.Worker worker;

  /** The sums being added, by depth of the walk. They are allocated when first needed. */
  private final List<LeafSums> buffers = new ArrayList<>();

  private final SumsLayout layout;
  private final Arena memory;

  // the current step
  private Weights weights;
  private InputBatch batch;
  private int batchFrom;
  private Perturbations perturbations;
  private Floats[] perExample;

  /**
   * Creates a walker with its own scratch memory.
   *
   * @param worker computes the leaves; no other walker may use it
   */
  StepTree(SumsLayout layout, LearningRule.Worker worker, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.layout = layout;
    this.grid = grid;
    this.worker = worker;
  }

  /**
   * Begins a step.
   *
   * @param weights Not modified. They must not change until the step's last {@link #sum}
   * @param batch Not modified. It holds the examples of all leaves that {@link #sum} will compute
   * @param batchFrom the position in the step of the first example of {@code batch}
   * @param source the step's random numbers
   */
  void begin(Weights weights, InputBatch batch, int batchFrom, Perturbations source) {
    this.weights = weights;
    this.batch = batch;
    this.batchFrom = batchFrom;
    this.perturbations = source;
    worker.prepare(weights);
  }

  /**
   * Returns the sums of one node. The result is in this walker's memory and valid until the next
   * call.
   *
   * @param perExample Modified if the node covers whole blocks of examples: by slot, the rows of
   *     the examples, (examples x width), from example {@code batchFrom} on. The rows of a smaller
   *     node are in the result
   */
  LeafSums sum(LeafGrid.Node node, Floats[] perExample) {
    this.perExample = perExample;
    return walk(node.level(), node.index(), 0);
  }

  /**
   * Lets the only leaf of the next step add to the weights themselves. See {@link LeafSums#onto}.
   */
  void onto(Weights weights, float[] scales) {
    buffer(0).onto(weights, scales);
  }

  private LeafSums walk(int level, int index, int depth) {
    LeafSums sums = buffer(depth);
    if (level == 0) {
      leaf(index, sums);
    } else {
      walk(level - 1, 2 * index, depth);
      int right = (2 * index + 1) << (level - 1);
      if (grid.holdsWork(right)) {
        LeafSums other = walk(level - 1, 2 * index + 1, depth + 1);
        sums.add(kernels, other, level <= grid.blockLevel());
      }
    }
    if (level == grid.blockLevel()) {
      hand(sums, grid.firstExample(index), grid.firstExample(index + 1));
    }
    return sums;
  }

  /** Copies a block's rows into the step's arrays. */
  private void hand(LeafSums sums, int from, int to) {
    for (int i = 0; i < layout.size(); i++) {
      SumsLayout.Slot slot = layout.slot(i);
      if (slot.perExample()) {
        int at = (from - batchFrom) * slot.width();
        perExample[i].copy(sums.array(i), 0, at, slot.length(to - from));
      }
    }
  }

  private void leaf(int number, LeafSums sums) {
    int block = number >> grid.blockLevel();
    int perturbation = grid.firstPerturbation(number);
    int past = Math.min(grid.perturbations(), perturbation + grid.blockPerturbations());
    worker.leaf(
        new Leaf(
            weights,
            batch,
            perturbations,
            batchFrom,
            grid.firstExample(block),
            grid.firstExample(block + 1),
            perturbation,
            past),
        sums);
  }

  private LeafSums buffer(int depth) {
    while (buffers.size() <= depth) {
      buffers.add(new LeafSums(layout, Math.min(grid.batch(), grid.blockExamples()), memory));
    }
    return buffers.get(depth);
  }
}
