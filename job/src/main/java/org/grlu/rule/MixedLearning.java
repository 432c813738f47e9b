package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.MixedPass;
import org.grlu.network.NetworkShape;

/**
 * The parts that all rules share in a network with several kinds of layers: a pass without noise
 * over a leaf's examples, and the signals of each layer. A layer's change of weights is made from
 * its signals and its inputs.
 */
final class MixedLearning {
  /** The pass without noise. */
  final MixedPass clean;

  /** The signals of each layer, (rows x padded units). */
  final Floats[] signal;

  private final NetworkShape shape;
  private final int last;
  private final int classes;

  MixedLearning(NetworkShape shape, int capacity, Arena memory) {
    this.shape = shape;
    last = shape.depth() - 1;
    classes = shape.units(last);
    clean = new MixedPass(shape, capacity, memory);
    signal = new Floats[shape.depth()];
    for (int l = 0; l <= last; l++) {
      signal[l] = memory.of(capacity * shape.stride(l));
    }
  }

  /** Runs a leaf's examples without noise. */
  void run(Leaf leaf) {
    int from = leaf.inBatch(leaf.fromExample());
    clean.run(leaf.weights(), leaf.batch(), from, from + leaf.examples());
  }

  /** Returns the label of a row's example. */
  static int label(Leaf leaf, int row) {
    return leaf.batch().label(leaf.inBatch(leaf.fromExample() + row));
  }

  /**
   * Sets the output's signal of a row to the error {@code onehot(label) - softmax}.
   *
   * @return the probability of the label
   */
  float error(Leaf leaf, int row) {
    int at = row * shape.stride(last);
    Rewards.softmax(clean.logits(), at, classes, signal[last], at);
    float p = signal[last].get(at + label(leaf, row));
    Rewards.error(label(leaf, row), classes, signal[last], at);
    return p;
  }

  /**
   * Adds the changes that follow from the signals of all rows to the matrices of the layers that
   * learn.
   */
  void learn(int rows, LeafSums sums) {
    for (int l = 0; l <= last; l++) {
      for (int r = 0; shape.learns(l) && r < rows; r++) {
        clean.layer(l).accumulate(r, signal[l], r * shape.stride(l), sums.matrix(l));
      }
    }
  }

  /** Returns a matrix for layers that learn. */
  static UpdateForm form(NetworkShape shape, int l) {
    return shape.learns(l) ? UpdateForm.MATRIX : UpdateForm.NONE;
  }

  /**
   * Returns whether a layer can be perturbed, which means that it learns and has neurons and noise.
   */
  static boolean perturbs(NetworkShape shape, int l) {
    return shape.learns(l) && shape.units(l) > 0 && shape.layer(l).noise() > 0;
  }
}
