package org.grlu.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Expands coefficients of layers that read other layers. It computes the layers' unperturbed input
 * again, once a step, unless the step has kept the pass. Under top-k the pass uses the examples'
 * own draws. One product adds the examples of a block. The balanced tree over the blocks' numbers
 * adds the blocks.
 */
final class CleanInputUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final Arena memory;

  /** The layer's input of a block's examples, (examples x padded inputs). */
  private final Floats input;

  /** The coefficients of one example, (widest stride). */
  private final Floats row;

  /**
   * The pass over each block of examples, from the block of the first example at hand. Passes are
   * created when first needed.
   */
  private final List<ForwardPass> passes = new ArrayList<>();

  private boolean[] hasRun = new boolean[0];

  /** The sums being added, by depth of the walk. They are allocated when first needed. */
  private final List<Floats> partial = new ArrayList<>();

  /** The inputs of a step's expansion. See {@link Expansion#begin}. */
  record Step(
      Weights weights,
      Supplier<InputBatch> examples,
      int from,
      Perturbations perturbations,
      ForwardPass clean) {}

  private Step step;

  // the layer that is being added
  private int layer;
  private Floats coefficients;

  CleanInputUpdate(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.shape = shape;
    this.grid = grid;
    int widest = 0;
    int stride = 0;
    for (int l = 1; l < shape.depth(); l++) {
      widest = Math.max(widest, Kernels.padded(shape.inputs(l)));
      stride = Math.max(stride, shape.stride(l));
    }
    this.input = memory.of(grid.blockExamples() * widest);
    this.row = memory.of(stride);
  }

  void begin(Step next) {
    step = next;
    Arrays.fill(hasRun, false);
  }

  /**
   * Adds a subtree's update to a matrix. See {@link Expansion#add}. Here {@code level} and {@code
   * index} count over blocks of examples.
   */
  void add(int l, Floats scaled, int level, int index, Floats matrix) {
    layer = l;
    coefficients = scaled;
    if (examples(index << level, 1 << level) == 1) {
      addOne(index << level, matrix);
      return;
    }
    sum(index << level, 1 << level, 0);
    kernels.add(partial.get(0), matrix, length());
  }

  /**
   * Adds the update of a block of one example directly to the matrix, since there is nothing to
   * sum.
   */
  private void addOne(int block, Floats matrix) {
    int stride = shape.stride(layer);
    int inputs = shape.inputs(layer);
    normalise(block, 1);
    row.copy(coefficients, first(block) * stride, 0, stride);
    kernels.addOuter(1f, input, inputs, row, stride, matrix, 0);
    kernels.addScaled(1f, row, 0, matrix, inputs * stride, stride);
  }

  private void sum(int block, int blocks, int depth) {
    if (blocks > 1) {
      sum(block, blocks / 2, depth);
      if (block + blocks / 2 < grid.exampleBlocks()) {
        sum(block + blocks / 2, blocks / 2, depth + 1);
        kernels.add(partial.get(depth + 1), partial.get(depth), length());
      }
      return;
    }
    Floats to = buffer(depth);
    kernels.clear(to, length());
    int rows = examples(block, 1);
    int inputs = shape.inputs(layer);
    int stride = shape.stride(layer);
    int width = Kernels.padded(inputs);
    normalise(block, rows);
    int at = first(block) * stride;
    kernels.multiplyAdd(
        inputs, stride, rows, input, 0, 1, width, coefficients, at, stride, to, 0, stride);
    for (int r = 0; r < rows; r++) {
      kernels.addScaled(1f, coefficients, at + r * stride, to, inputs * stride, stride);
    }
  }

  /** Fills {@link #input} with the layer's input of a block's examples. */
  private void normalise(int block, int rows) {
    pass(block, rows).normalisedInput(layer, rows, input, Kernels.padded(shape.inputs(layer)));
  }

  private ForwardPass pass(int block, int rows) {
    if (step.clean != null) {
      return step.clean;
    }
    int i = block - step.from / grid.blockExamples();
    while (passes.size() <= i) {
      passes.add(new ForwardPass(shape, grid.blockExamples(), memory));
      hasRun = Arrays.copyOf(hasRun, passes.size());
    }
    ForwardPass pass = passes.get(i);
    if (!hasRun[i]) {
      hasRun[i] = true;
      ForwardPass.GumbelSource gumbel =
          shape.activation() == Activation.RELU
              ? null
              : (e, l, out, at) -> step.perturbations.gumbel(step.from + e, l, out, at);
      pass.prepare(step.weights);
      pass.run(step.weights, step.examples.get(), first(block), first(block) + rows, gumbel);
    }
    return pass;
  }

  /** Returns the position of a block's first example among the examples at hand. */
  private int first(int block) {
    return grid.firstExample(block) - step.from;
  }

  private int examples(int block, int blocks) {
    return grid.firstExample(block + blocks) - grid.firstExample(block);
  }

  private int length() {
    return shape.layer(layer).length();
  }

  private Floats buffer(int depth) {
    while (partial.size() <= depth) {
      int most = 0;
      for (int l = 1; l < shape.depth(); l++) {
        most = Math.max(most, shape.layer(l).length());
      }
      partial.add(memory.of(most));
    }
    return partial.get(depth);
  }
}
