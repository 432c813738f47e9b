package org.grlu.rule;

import java.util.stream.IntStream;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
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
  private final Arena memory;

  /**
   * The expanded coefficients of layers that read other layers, by layer. They are allocated when
   * first needed.
   */
  private final Floats[] expanded;

  /**
   * Creates the update for steps of one rule and grid.
   *
   * @param memory where the update allocates its buffers
   */
  public WeightUpdate(NetworkShape shape, LearningRule rule, LeafGrid grid, Arena memory) {
    this.scale = new UpdateScale(shape, rule, grid);
    this.expansion = new Expansion(shape, grid, memory);
    this.layers = IntStream.range(0, shape.depth()).mapToObj(shape::layer).toArray(Layer[]::new);
    this.memory = memory;
    this.expanded = new Floats[layers.length];
    this.root = new LeafGrid.Node(grid.rootLevel(), 0);
  }

  @Override
  public void apply(
      StepSettings step, StepSums sums, Perturbations perturbations, Weights weights) {
    expansion.begin(weights, sums::examples, 0, perturbations, sums.clean());
    // without a kept pass, inputs of deeper layers are computed from the weights before the update
    boolean apart = sums.clean() == null;
    for (int l = 0; apart && l < layers.length; l++) {
      if (sums.isCoefficients(l) && !layers[l].readsImages()) {
        expand(l, sums);
      }
    }
    // the small matrices come first, while they are still in the cache
    for (int l = layers.length - 1; l >= 0; l--) {
      if (sums.isMatrix(l)) {
        add(sums.isScaled(l) ? 1f : scale.of(l, step), sums.matrix(l), weights.layer(l));
      } else if (sums.isCoefficients(l) && !layers[l].readsImages()) {
        if (apart) {
          add(1f, expanded[l], weights.layer(l));
        } else {
          expansion.add(l, sums.coefficients(l), root, weights.layer(l));
        }
      }
    }
    for (int l = 0; l < layers.length; l++) {
      if (layers[l].readsImages() && sums.isCoefficients(l)) {
        expansion.add(l, sums.coefficients(l), root, weights.layer(l));
      }
    }
  }

  private void expand(int l, StepSums sums) {
    if (expanded[l] == null) {
      expanded[l] = memory.of(layers[l].length());
    }
    kernels.clear(expanded[l], expanded[l].length());
    expansion.add(l, sums.coefficients(l), root, expanded[l]);
  }

  private void add(float scale, Floats matrix, Floats w) {
    kernels.addScaled(scale, matrix, 0, w, 0, w.length());
  }
}
