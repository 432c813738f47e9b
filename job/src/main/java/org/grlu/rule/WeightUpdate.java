package org.grlu.rule;

import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** The end of a step: {@code W += scale x sums}. */
public final class WeightUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final LearningRule rule;
  private final LeafGrid grid;
  private final FirstLayerUpdate firstLayer;

  /** For steps of one rule and grid. */
  public WeightUpdate(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.rule = rule;
    this.grid = grid;
    this.firstLayer = new FirstLayerUpdate(shape, grid);
  }

  /** Multiplies {@code n} coefficients from {@code at} by the first layer's scale. */
  public void scale(StepSettings step, float[] coefficients, int at, int n) {
    float scale = scaleOf(0, step);
    for (int i = at; i < at + n; i++) {
      coefficients[i] *= scale;
    }
  }

  /**
   * Adds a subtree's part of the first layer's update to a matrix; see {@link
   * FirstLayerUpdate#add}.
   *
   * @param node covers whole blocks of examples
   */
  public void expand(
      InputBatch batch, int batchFrom, float[] scaled, LeafGrid.Node node, float[] matrix) {
    int level = node.level() - grid.blockLevel();
    firstLayer.add(batch, batchFrom, scaled, level, node.index(), matrix);
  }

  /** Adds the first layer's update, in matrix form, to the weights. */
  public void applyFirst(float[] matrix, Weights weights) {
    float[] w = weights.layer(0);
    kernels.addScaled(1f, matrix, 0, w, 0, w.length);
  }

  /** Updates layers 1 and up. */
  public void applyDeeper(StepSettings step, float[][] deeper, Weights weights) {
    for (int l = 1; l < shape.depth(); l++) {
      float[] w = weights.layer(l);
      kernels.addScaled(scaleOf(l, step), deeper[l], 0, w, 0, w.length);
    }
  }

  private float scaleOf(int l, StepSettings step) {
    return (float) rule.scale(shape, l, step.learningRate(), step.noiseScale(), grid.batch());
  }
}
