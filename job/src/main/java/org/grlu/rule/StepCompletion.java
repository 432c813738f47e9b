package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
  private final NetworkShape shape;
  private final LearningRule rule;
  private final LeafGrid grid;
  private final WeightUpdate update;
  private final float[] coefficients;
  private final Map<LeafGrid.Node, NodeSums> received = new HashMap<>();

  // of the step being completed
  private StepSettings step;
  private Supplier<InputBatch> examples;
  private InputBatch batch;

  /** For steps of one shape, rule and grid. */
  public StepCompletion(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.rule = rule;
    this.grid = grid;
    this.update = new WeightUpdate(shape, rule, grid);
    this.coefficients = new float[grid.batch() * shape.stride(0)];
  }

  /**
   * Completes a step.
   *
   * @param examples all examples of the step; asked for only where coefficients are to be expanded
   * @param shards what {@link ShardWorker#compute} returned, in any order
   * @param weights Modified, unless the rewards are not finite
   * @return the mean reward; NaN, with the weights left alone, where a pass was not finite
   */
  public double complete(
      StepSettings step, Supplier<InputBatch> examples, List<byte[]> shards, Weights weights) {
    this.step = step;
    this.examples = examples;
    this.batch = null;
    received.clear();
    shards.forEach(this::unpack);
    LeafGrid.Node root = new LeafGrid.Node(grid.rootLevel(), 0);
    NodeSums sums = sum(root);
    if (!Double.isFinite(sums.reward)) {
      return Double.NaN;
    }
    if (sums.matrix != null) {
      update.applyFirst(sums.matrix, weights);
    } else {
      update.expand(batch(), 0, coefficients, root, weights.layer(0));
    }
    update.applyDeeper(step, sums.deeper, weights);
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
    if (sums.partial != null) {
      kernels.add(other.partial, sums.partial, sums.partial.length);
    } else if (sums.matrix != null || other.matrix != null) {
      expand(sums, left);
      expand(other, right);
      kernels.add(other.matrix, sums.matrix, sums.matrix.length);
    }
    for (int l = 1; l < shape.depth(); l++) {
      kernels.add(other.deeper[l], sums.deeper[l], sums.deeper[l].length);
    }
    sums.reward += other.reward;
  }

  private void expand(NodeSums sums, LeafGrid.Node node) {
    if (sums.matrix == null) {
      sums.matrix = new float[Weights.rows(shape, 0) * shape.stride(0)];
      update.expand(batch(), 0, coefficients, node, sums.matrix);
    }
  }

  private InputBatch batch() {
    if (batch == null) {
      batch = examples.get();
    }
    return batch;
  }

  /** A block's coefficients are scaled, and join the step's, when all perturbations are in. */
  private NodeSums scaledIfWhole(LeafGrid.Node node, NodeSums sums) {
    if (node.level() == grid.blockLevel() && sums.partial != null) {
      update.scale(step, sums.partial, 0, sums.partial.length);
      int at = grid.firstBlockExample(node) * shape.stride(0);
      System.arraycopy(sums.partial, 0, coefficients, at, sums.partial.length);
      sums.partial = null;
    }
    return sums;
  }

  private void unpack(byte[] shard) {
    ByteBuffer in = ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN);
    int stride = shape.stride(0);
    while (in.hasRemaining()) {
      LeafGrid.Node node = new LeafGrid.Node(in.getInt(), in.getInt());
      NodeSums sums = new NodeSums(shape.depth());
      sums.reward = in.getDouble();
      boolean matrix = in.get() == ShardWorker.MATRIX;
      int examples = grid.examples(node);
      if (matrix) {
        sums.matrix = take(in, Weights.rows(shape, 0) * stride);
      } else if (node.level() < grid.blockLevel()) {
        sums.partial = take(in, examples * stride);
      } else {
        int at = grid.firstBlockExample(node) * stride;
        in.asFloatBuffer().get(coefficients, at, examples * stride);
        in.position(in.position() + examples * stride * Float.BYTES);
      }
      for (int l = 1; l < shape.depth(); l++) {
        sums.deeper[l] = take(in, Weights.rows(shape, l) * shape.stride(l));
      }
      received.put(node, sums);
    }
  }

  private static float[] take(ByteBuffer in, int n) {
    float[] x = new float[n];
    in.asFloatBuffer().get(x);
    in.position(in.position() + n * Float.BYTES);
    return x;
  }
}
