package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * The end of a sharded step: completes the tree from the sums at the shards' roots, and updates the
 * weights. Any number of shards gives the same bits, those of {@link Stepper}.
 */
public final class StepCompletion {
  private final Kernels kernels = Kernels.best();
  private final Arena memory;
  private final LearningRule rule;
  private final LeafGrid grid;
  private final SumsLayout layout;
  private final UpdateScale scale;
  private final Expansion expansion;
  private final StepUpdate update;
  private final Floats[] perExample;
  private final Map<LeafGrid.Node, NodeSums> received = new HashMap<>();

  // of the step being completed
  private StepSettings step;
  private Supplier<InputBatch> examples;
  private InputBatch batch;
  private Weights weights;

  /**
   * For steps of one shape, rule and grid.
   *
   * @param memory for buffers: the one that the weights are in; steps settle it
   */
  public StepCompletion(NetworkShape shape, LearningRule rule, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.rule = rule;
    this.grid = grid;
    this.layout = new SumsLayout(shape, rule);
    this.scale = new UpdateScale(shape, rule, grid);
    this.expansion = new Expansion(shape, grid, memory);
    this.update = rule.update(shape, grid, memory);
    this.perExample = layout.perExample(grid.batch(), memory);
  }

  /**
   * Completes a step.
   *
   * @param perturbations at the step
   * @param examples all examples of the step; asked for only where coefficients are to be expanded
   * @param shards what {@link ShardWorker#compute} returned, in any order
   * @param weights Modified, unless the rewards are not finite
   * @return the mean reward; NaN, with the weights left alone, where a pass was not finite
   */
  public double complete(
      StepSettings step,
      Perturbations perturbations,
      Supplier<InputBatch> examples,
      List<byte[]> shards,
      Weights weights) {
    memory.settle();
    this.step = step;
    this.examples = examples;
    this.batch = null;
    this.weights = weights;
    received.clear();
    shards.forEach(this::unpack);
    NodeSums sums = sum(new LeafGrid.Node(grid.rootLevel(), 0));
    if (!Double.isFinite(sums.reward)) {
      return Double.NaN;
    }
    StepSums total = new StepSums(layout, perExample, sums.sum, this::batch);
    update.apply(step, total, perturbations, weights);
    return sums.reward / ((double) grid.batch() * rule.rewardsPerExample());
  }

  private NodeSums sum(LeafGrid.Node node) {
    NodeSums given = received.remove(node);
    if (given != null) {
      return scaledIfWhole(node, given);
    }
    if (node.level() == 0) {
      throw new IllegalStateException("leaf " + node.index() + " was not computed");
    }
    LeafGrid.Node left = new LeafGrid.Node(node.level() - 1, 2 * node.index());
    LeafGrid.Node right = new LeafGrid.Node(node.level() - 1, 2 * node.index() + 1);
    NodeSums sums = sum(left);
    if (grid.holdsWork(right.index() << right.level())) {
      add(sums, left, sum(right), right);
    }
    return scaledIfWhole(node, sums);
  }

  /** Adds the right child to the left one. */
  private void add(NodeSums sums, LeafGrid.Node left, NodeSums other, LeafGrid.Node right) {
    for (int i = 0; i < layout.size(); i++) {
      if (sums.partial[i] != null) {
        kernels.add(other.partial[i], sums.partial[i], sums.partial[i].length());
      } else if (sums.sum[i] != null || other.sum[i] != null) {
        expand(i, sums, left);
        expand(i, other, right);
        kernels.add(other.sum[i], sums.sum[i], sums.sum[i].length());
      }
    }
    sums.reward += other.reward;
  }

  private void expand(int i, NodeSums sums, LeafGrid.Node node) {
    if (sums.sum[i] == null) {
      sums.sum[i] = Floats.of(layout.slot(i).matrixLength());
      expansion.add(i, weights, batch(), 0, perExample[i], node, sums.sum[i]);
    }
  }

  private InputBatch batch() {
    if (batch == null) {
      batch = examples.get();
    }
    return batch;
  }

  /** A block's rows are scaled, and join the step's, when all perturbations are in. */
  private NodeSums scaledIfWhole(LeafGrid.Node node, NodeSums sums) {
    for (int i = 0; node.level() == grid.blockLevel() && i < layout.size(); i++) {
      Floats partial = sums.partial[i];
      if (partial != null) {
        SumsLayout.Slot slot = layout.slot(i);
        if (slot.expands()) {
          scale.apply(i, step, partial, 0, partial.length());
        }
        int at = grid.firstBlockExample(node) * slot.width();
        perExample[i].copy(partial, 0, at, slot.length(grid.examples(node)));
        sums.partial[i] = null;
      }
    }
    return sums;
  }

  private void unpack(byte[] shard) {
    ByteBuffer in = ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      LeafGrid.Node node = new LeafGrid.Node(in.getInt(), in.getInt());
      NodeSums sums = new NodeSums(layout.size());
      sums.reward = in.getDouble();
      for (int i = 0; i < layout.size(); i++) {
        unpack(in, i, node, sums);
      }
      received.put(node, sums);
    }
  }

  private void unpack(ByteBuffer in, int i, LeafGrid.Node node, NodeSums sums) {
    SumsLayout.Slot slot = layout.slot(i);
    boolean matrix = slot.expands() && in.get() == ShardWorker.MATRIX;
    int n = slot.length(grid.examples(node));
    if (matrix) {
      sums.sum[i] = take(in, slot.matrixLength());
    } else if (!slot.perExample()) {
      sums.sum[i] = take(in, n);
    } else if (node.level() < grid.blockLevel()) {
      sums.partial[i] = take(in, n);
    } else {
      int at = grid.firstBlockExample(node) * slot.width();
      perExample[i].take(in.asFloatBuffer(), at, n);
      in.position(in.position() + n * Float.BYTES);
    }
  }

  /** So many numbers, padded. */
  private static Floats take(ByteBuffer in, int n) {
    Floats x = Floats.of(Kernels.padded(n));
    x.take(in.asFloatBuffer(), 0, n);
    in.position(in.position() + n * Float.BYTES);
    return x;
  }
}
