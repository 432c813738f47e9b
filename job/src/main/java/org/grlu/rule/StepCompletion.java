package org.grlu.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Ends a sharded step: completes the tree from the sums at the shards' roots, and updates the
 * weights. Any number of shards and threads gives the bits that {@link Stepper} gives.
 */
public final class StepCompletion {
  private final Kernels kernels = Kernels.best();
  private final Arena memory;
  private final LearningRule rule;
  private final LeafGrid grid;
  private final SumsLayout layout;
  private final UpdateScale scale;
  private final MatrixFold fold;
  private final RowThreads threads;
  private final StepUpdate update;
  private final Floats[] perExample;
  private final Map<LeafGrid.Node, NodeSums> received = new HashMap<>();

  /** Memory for the rows of subtrees within one block, by slot. */
  private final List<ArrayList<Floats>> spares;

  /** How many arrays of {@link #spares} the step uses, by slot. */
  private final int[] used;

  /**
   * The completed sums of the slots that are cut, by slot. They are allocated when first needed.
   */
  private final Floats[] whole;

  // the step that is being completed
  private StepSettings step;
  private Supplier<InputBatch> examples;
  private InputBatch batch;
  private RowSlices cut;

  /**
   * Creates the completion for steps of one shape, rule and grid.
   *
   * @param threads the threads that add rows
   * @param memory where buffers are allocated. It must be the memory of the weights, because each
   *     step settles it
   */
  public StepCompletion(
      NetworkShape shape, LearningRule rule, LeafGrid grid, RowThreads threads, Arena memory) {
    this.memory = memory;
    this.rule = rule;
    this.grid = grid;
    this.layout = new SumsLayout(shape, rule);
    this.scale = new UpdateScale(shape, rule, grid);
    this.threads = threads;
    this.fold = new MatrixFold(shape, layout, grid, threads, memory);
    this.update = rule.update(shape, grid, memory);
    this.perExample = layout.perExample(grid.batch(), memory);
    this.spares = Stream.generate(ArrayList<Floats>::new).limit(layout.size()).toList();
    this.used = new int[layout.size()];
    this.whole = new Floats[layout.size()];
  }

  /**
   * Completes a step.
   *
   * @param step the number, learning rate and noise scale of the step
   * @param perturbations the step's random numbers
   * @param examples supplies all examples of the step. It is called only if coefficients must be
   *     expanded
   * @param shards the bytes that {@link ShardWorker#compute} packed, in any order. They are read to
   *     their ends
   * @param weights Modified if the rewards are finite
   * @return the mean reward; NaN if a pass was not finite, and the weights are then unchanged
   */
  public double complete(
      StepSettings step,
      Perturbations perturbations,
      Supplier<InputBatch> examples,
      List<ByteBuffer> shards,
      Weights weights) {
    return complete(step, perturbations, examples, shards, List.of(), weights);
  }

  /**
   * Completes a step whose matrices executors may have folded.
   *
   * @param shards the bytes that {@link ShardWorker#compute} packed beside the slices, in any order
   * @param slices the sums of all slices of one {@link RowSlices}, in the order of the slices. They
   *     are read from their positions on. The list is empty if {@code shards} contain all matrices
   * @return the mean reward; NaN if a pass was not finite, and the weights are then unchanged
   */
  public double complete(
      StepSettings step,
      Perturbations perturbations,
      Supplier<InputBatch> examples,
      List<ByteBuffer> shards,
      List<ByteBuffer> slices,
      Weights weights) {
    this.cut = slices.isEmpty() ? null : new RowSlices(layout, slices.size());
    memory.settle();
    this.step = step;
    this.examples = examples;
    this.batch = null;
    received.clear();
    Arrays.fill(used, 0);
    shards.forEach(this::unpack);
    NodeSums all = sum(new LeafGrid.Node(grid.rootLevel(), 0));
    double reward = all.reward;
    if (!Double.isFinite(reward)) {
      return Double.NaN;
    }
    fold.begin(received, perExample, this::batch, perturbations, weights);
    Floats[] sums = new Floats[layout.size()];
    takeSlices(slices);
    Arrays.setAll(sums, i -> isCut(i) ? whole[i] : fold.sum(i));
    StepSums total =
        new StepSums(layout, perExample, sums, all.ofPerturbations, this::batch, null, threads);
    update.apply(step, total, perturbations, weights);
    return reward / ((double) grid.batch() * rule.rewardsPerExample());
  }

  /**
   * Returns the sum of each example's rewards over its passes in the last step, (batch), in the
   * order of the step. The result is valid until the next step.
   */
  public Floats ofExamples() {
    return layout.ofExamples(perExample);
  }

  /** Sums a node's rewards. Also puts its examples' rows, scaled, into the step's arrays. */
  private NodeSums sum(LeafGrid.Node node) {
    NodeSums sums = received.get(node);
    if (sums == null && node.level() == 0) {
      throw new IllegalStateException("leaf " + node.index() + " was not computed");
    }
    if (sums == null) {
      sums = sum(node.left());
      if (grid.holdsWork(node.right())) {
        add(sum(node.right()), sums, grid.examples(node));
      }
    }
    if (node.level() == grid.blockLevel()) {
      scale(node, sums);
    }
    return sums;
  }

  private void add(NodeSums other, NodeSums sums, int examples) {
    for (int i = 0; i < layout.size(); i++) {
      if (sums.partial[i] != null) {
        int n = Kernels.padded(layout.slot(i).length(examples));
        kernels.add(other.partial[i], sums.partial[i], n);
      }
    }
    for (int i = 0; i < sums.ofPerturbations.length; i++) {
      sums.ofPerturbations[i] += other.ofPerturbations[i];
    }
    sums.reward += other.reward;
  }

  /**
   * Scales a block's rows and copies them into the step's arrays. This happens when all
   * perturbations have been added.
   */
  private void scale(LeafGrid.Node node, NodeSums sums) {
    for (int i = 0; i < layout.size(); i++) {
      Floats partial = sums.partial[i];
      if (partial != null) {
        SumsLayout.Slot slot = layout.slot(i);
        int n = slot.length(grid.examples(node));
        if (slot.expands()) {
          scale.apply(i, step, partial, 0, n);
        }
        perExample[i].copy(partial, 0, grid.firstBlockExample(node) * slot.width(), n);
        sums.partial[i] = null;
      }
    }
  }

  private boolean isCut(int i) {
    return cut != null && cut.cuts(i);
  }

  private void takeSlices(List<ByteBuffer> slices) {
    for (int i = 0; i < whole.length; i++) {
      if (isCut(i) && whole[i] == null) {
        whole[i] = memory.of(Kernels.padded(layout.slot(i).width()));
      }
    }
    for (int s = 0; s < slices.size(); s++) {
      cut.take(s, slices.get(s), whole);
    }
  }

  private InputBatch batch() {
    if (batch == null) {
      batch = examples.get();
    }
    return batch;
  }

  private void unpack(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      LeafGrid.Node node = new LeafGrid.Node(in.getInt(), in.getInt());
      NodeSums sums = new NodeSums(layout);
      sums.reward = in.getDouble();
      for (int i = 0; i < sums.ofPerturbations.length; i++) {
        sums.ofPerturbations[i] = in.getDouble();
      }
      for (int i = 0; i < layout.size(); i++) {
        unpack(in, i, node, sums);
      }
      received.put(node, sums);
    }
  }

  private void unpack(ByteBuffer in, int i, LeafGrid.Node node, NodeSums sums) {
    if (isCut(i)) {
      return;
    }
    SumsLayout.Slot slot = layout.slot(i);
    boolean matrix = slot.expands() ? in.get() == ShardWorker.MATRIX : !slot.perExample();
    FloatBuffer floats = in.asFloatBuffer();
    int n = matrix ? slot.sumLength() : slot.length(grid.examples(node));
    if (matrix) {
      sums.matrix[i] = floats;
    } else if (node.level() < grid.blockLevel()) {
      sums.partial[i] = spare(i);
      sums.partial[i].take(floats, 0, n);
    } else {
      perExample[i].take(floats, grid.firstBlockExample(node) * slot.width(), n);
    }
    in.position(in.position() + n * Float.BYTES);
  }

  /** Returns memory for a block's rows that the step does not use yet. */
  private Floats spare(int i) {
    List<Floats> all = spares.get(i);
    if (used[i] == all.size()) {
      all.add(memory.of(Kernels.padded(layout.slot(i).length(grid.blockExamples()))));
    }
    return all.get(used[i]++);
  }
}
