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

  /** Multiplies coefficients by the first layer's scale; they are modified. */
  public void scale(StepSettings step, float[] coefficients, int examples) {
    float scale = scaleOf(0, step);
    for (int i = 0; i < examples * shape.stride(0); i++) {
      coefficients[i] *= scale;
    }
  }

  /** The expansion of the first layer's coefficients, for whoever needs its matrix. */
  public FirstLayerUpdate firstLayer() {
    return firstLayer;
  }

  /**
   * Updates the first layer from the coefficients of the whole step.
   *
   * @param batch Not modified. The whole step's examples
   * @param coefficients Modified: scaled
   * @param weights Modified.
   */
  public void applyFirst(
      StepSettings step, InputBatch batch, float[] coefficients, Weights weights) {
    scale(step, coefficients, grid.batch());
    int level = grid.rootLevel() - grid.blockLevel();
    firstLayer.add(batch, coefficients, level, 0, weights.layer(0));
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
