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
 * Expands coefficients of layers that read other layers: their unperturbed input, under top-k with
 * the example's own draws, is computed again, once a step. Examples of one block in one product,
 * blocks in the balanced tree over their numbers.
 */
final class CleanInputUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final Arena memory;
  private final Floats input;

  /** An example's coefficients, (widest stride). */
  private final Floats row;

  /** By block of examples, from that of the step's first example; made when first needed. */
  private final List<ForwardPass> passes = new ArrayList<>();

  private boolean[] hasRun = new boolean[0];

  /** By depth of the walk; made when first needed. */
  private final List<Floats> partial = new ArrayList<>();

  /** What a step is expanded from; see {@link Expansion#begin}. */
  record Step(
      Weights weights,
      Supplier<InputBatch> examples,
      int from,
      Perturbations perturbations,
      ForwardPass clean) {}

  private Step step;

  // of the layer being added
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

  /** See {@link Expansion#add}; {@code level} and {@code index} are over blocks of examples. */
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

  /** The update of a block of one example: no sum, so it needs no memory of its own. */
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

  /** The layer's input of a block's examples, into {@link #input}. */
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

  /** Where a block's first example is among the step's examples that are at hand. */
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
