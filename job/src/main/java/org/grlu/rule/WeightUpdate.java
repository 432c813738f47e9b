package org.grlu.rule;

import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** The update of most rules: {@code W += scale x sums}. */
public final class WeightUpdate implements StepUpdate {
  private final Kernels kernels = Kernels.best();
  private final NetworkShape shape;
  private final UpdateScale scale;
  private final Expansion expansion;
  private final LeafGrid.Node root;

  /** For steps of one rule and grid. */
  public WeightUpdate(NetworkShape shape, LearningRule rule, LeafGrid grid) {
    this.shape = shape;
    this.scale = new UpdateScale(shape, rule, grid);
    this.expansion = new Expansion(shape, grid);
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    float[][] expanded = expandedDeeper(sums, weights);
    // the small matrices first, while the cache holds them
    for (int l = 1; l < shape.depth(); l++) {
      boolean scaled = expanded[l] != null || sums.isScaled(l);
      float[] matrix = expanded[l] != null ? expanded[l] : sums.matrix(l);
      add(scaled ? 1f : scale.of(l, step), matrix, weights.layer(l));
    }
    if (!sums.isMatrix(0)) {
      float[] w = weights.layer(0);
      expansion.add(0, weights, sums.examples(), 0, sums.coefficients(0), root, w);
    } else {
      add(sums.isScaled(0) ? 1f : scale.of(0, step), sums.matrix(0), weights.layer(0));
    }
  }

  /** By layer; what is still coefficients needs all weights as they were, so it comes first. */
  private float[][] expandedDeeper(StepSums sums, Weights weights) {
    float[][] expanded = new float[shape.depth()][];
    for (int l = 1; l < shape.depth(); l++) {
      if (!sums.isMatrix(l)) {
        expanded[l] = new float[Weights.rows(shape, l) * shape.stride(l)];
        expansion.add(l, weights, sums.examples(), 0, sums.coefficients(l), root, expanded[l]);
      }
    }
    return expanded;
  }

  private void add(float scale, float[] matrix, float[] w) {
    kernels.addScaled(scale, matrix, 0, w, 0, w.length);
  }
}
