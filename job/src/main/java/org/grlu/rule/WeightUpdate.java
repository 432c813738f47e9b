package org.grlu.rule;

import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.Layer;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/** The update of most rules: {@code W += scale x sums}. */
public final class WeightUpdate implements StepUpdate {
  private final Kernels kernels = Kernels.best();
  private final UpdateScale scale;
  private final Expansion expansion;
  private final LeafGrid.Node root;
  private final Layer[] layers;

  /** For steps of one rule and grid. */
  public WeightUpdate(NetworkShape shape, LearningRule rule, LeafGrid grid, Arena memory) {
    this.scale = new UpdateScale(shape, rule, grid);
    this.expansion = new Expansion(shape, grid, memory);
    this.layers = IntStream.range(0, shape.depth()).mapToObj(shape::layer).toArray(Layer[]::new);
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    Floats[] expanded = expandedFromInputs(sums, weights);
    // the small matrices first, while the cache holds them
    for (int l = layers.length - 1; l >= 0; l--) {
      if (expanded[l] != null) {
        add(1f, expanded[l], weights.layer(l));
      } else if (sums.isMatrix(l)) {
        add(sums.isScaled(l) ? 1f : scale.of(l, step), sums.matrix(l), weights.layer(l));
      }
    }
    for (int l = 0; l < layers.length; l++) {
      if (layers[l].readsImages() && sums.isCoefficients(l)) {
        InputBatch examples = sums.examples();
        expansion.add(l, weights, examples, 0, sums.coefficients(l), root, weights.layer(l));
      }
    }
  }

  /**
   * By layer: coefficients of layers that read others, expanded. Their inputs follow from all
   * weights as they were, so this comes first.
   */
  private Floats[] expandedFromInputs(StepSums sums, Weights weights) {
    Floats[] expanded = new Floats[layers.length];
    for (int l = 0; l < layers.length; l++) {
      if (!layers[l].readsImages() && sums.isCoefficients(l)) {
        expanded[l] = Floats.of(layers[l].length());
        Floats coefficients = sums.coefficients(l);
        expansion.add(l, weights, sums.examples(), 0, coefficients, root, expanded[l]);
      }
    }
    return expanded;
  }

  private void add(float scale, Floats matrix, Floats w) {
    kernels.addScaled(scale, matrix, 0, w, 0, w.length());
  }
}
