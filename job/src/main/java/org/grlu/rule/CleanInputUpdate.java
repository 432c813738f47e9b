package org.grlu.rule;

import java.util.ArrayList;
import java.util.List;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Expands coefficients of a layer that reads other layers: its unperturbed input, as evaluation has
 * it, is computed again. Examples of one block in one product, blocks in the balanced tree over
 * their numbers.
 */
final class CleanInputUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final Arena memory;
  private final ForwardPass forward;
  private final Floats input;

  /** By depth of the walk; made when first needed. */
  private final List<Floats> partial = new ArrayList<>();

  // of the update being added
  private int layer;
  private Weights weights;
  private InputBatch batch;
  private int batchFrom;
  private Floats coefficients;

  CleanInputUpdate(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.shape = shape;
    this.grid = grid;
    this.forward = new ForwardPass(shape, grid.blockExamples(), memory);
    int widest = 0;
    for (int l = 1; l < shape.depth(); l++) {
      widest = Math.max(widest, Kernels.padded(shape.inputs(l)));
    }
    this.input = memory.of(grid.blockExamples() * widest);
  }

  /** See {@link Expansion#add}; {@code level} and {@code index} are over blocks of examples. */
  void add(
      int l,
      Weights weights,
      InputBatch batch,
      int batchFrom,
      Floats scaled,
      int level,
      int index,
      Floats matrix) {
    this.layer = l;
    this.weights = weights;
    this.batch = batch;
    this.batchFrom = batchFrom;
    this.coefficients = scaled;
    forward.prepare(weights);
    sum(index << level, 1 << level, 0);
    kernels.add(partial.get(0), matrix, shape.layer(l).length());
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
    int from = grid.firstExample(block) - batchFrom;
    int rows = grid.firstExample(block + 1) - grid.firstExample(block);
    forward.run(weights, batch, from, from + rows, null);
    int inputs = shape.inputs(layer);
    int stride = shape.stride(layer);
    int width = Kernels.padded(inputs);
    forward.normalisedInput(layer, rows, input, width);
    int at = from * stride;
    kernels.multiplyAdd(
        inputs, stride, rows, input, 0, 1, width, coefficients, at, stride, to, 0, stride);
    for (int r = 0; r < rows; r++) {
      kernels.addScaled(1f, coefficients, at + r * stride, to, inputs * stride, stride);
    }
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
