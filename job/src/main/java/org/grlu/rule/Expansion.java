package org.grlu.rule;

import java.util.function.Supplier;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Expands coefficients into updates: {@code sum over examples of u(e) outer coefficients(e)}, where
 * u is the layer's unperturbed input.
 */
final class Expansion {
  private final NetworkShape shape;
  private final LeafGrid grid;
  private final Arena memory;
  private final boolean[] readsImages;
  private final FirstLayerUpdate firstLayer;

  /** Expands layers that read other layers. It is created when first needed. */
  private CleanInputUpdate deeper;

  // the current step
  private CleanInputUpdate.Step step;

  Expansion(NetworkShape shape, LeafGrid grid, Arena memory) {
    this.memory = memory;
    this.shape = shape;
    this.grid = grid;
    this.readsImages = new boolean[shape.depth()];
    for (int l = 0; l < readsImages.length; l++) {
      readsImages[l] = shape.layer(l).readsImages();
    }
    this.firstLayer = new FirstLayerUpdate(shape, grid, memory);
  }

  /**
   * Begins a step.
   *
   * @param weights Not modified. They are read for layers after the first, until the step's last
   *     call
   * @param examples supplies the examples that will be expanded. It is not called before the first
   *     expansion
   * @param from the position in the step of the first of these examples
   * @param perturbations the step's random numbers
   * @param clean the unperturbed pass over all examples of the step; null if the pass must be run
   *     when it is needed
   */
  void begin(
      Weights weights,
      Supplier<InputBatch> examples,
      int from,
      Perturbations perturbations,
      ForwardPass clean) {
    step = new CleanInputUpdate.Step(weights, examples, from, perturbations, clean);
    if (deeper != null) {
      deeper.begin(step);
    }
  }

  /**
   * Adds a subtree's part of layer l's update to a matrix.
   *
   * @param scaled Not modified. The scaled coefficients, (examples x stride)
   * @param node a node that covers whole blocks of examples
   * @param matrix Modified. (rows of the layer x stride)
   */
  void add(int l, Floats scaled, LeafGrid.Node node, Floats matrix) {
    int level = node.level() - grid.blockLevel();
    if (readsImages[l]) {
      firstLayer.add(step.examples().get(), step.from(), scaled, level, node.index(), matrix);
      return;
    }
    if (deeper == null) {
      deeper = new CleanInputUpdate(shape, grid, memory);
      deeper.begin(step);
    }
    deeper.add(l, scaled, level, node.index(), matrix);
  }

  /**
   * Adds some rows of the update of the layer that reads images. A row's bits do not depend on
   * which other rows are added.
   *
   * @param first the first row
   * @param end one past the last
   */
  void addRows(Floats scaled, LeafGrid.Node node, int first, int end, Floats matrix) {
    int level = node.level() - grid.blockLevel();
    InputBatch batch = step.examples().get();
    firstLayer.add(batch, step.from(), scaled, level, node.index(), first, end, matrix);
  }
}
