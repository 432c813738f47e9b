package org.grlu.rule;

import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * What a leaf, or a subtree of leaves within one block of examples, learns: before any scaling.
 *
 * <p>The first layer's input carries no noise, so its update is one outer product an example, and
 * stays in factors: a vector of coefficients for each example of the block. Deeper layers' inputs
 * differ from perturbation to perturbation: a matrix each.
 */
public final class LeafSums {
  /** (examples of the block x stride of layer 0). */
  final float[] coefficients;

  /** Layer l > 0: (rows of its weights x stride); null for layer 0. */
  final float[][] deeper;

  /** The sum of all rewards, of both members of each pair; only reported. */
  double reward;

  LeafSums(NetworkShape shape, int blockExamples) {
    coefficients = new float[blockExamples * shape.stride(0)];
    deeper = new float[shape.depth()][];
    for (int l = 1; l < deeper.length; l++) {
      deeper[l] = new float[Weights.rows(shape, l) * shape.stride(l)];
    }
  }

  void clear(Kernels kernels) {
    kernels.clear(coefficients, coefficients.length);
    for (int l = 1; l < deeper.length; l++) {
      kernels.clear(deeper[l], deeper[l].length);
    }
    reward = 0;
  }

  /** Adds another's matrices and reward to this one's. */
  void addDeeper(Kernels kernels, LeafSums other) {
    for (int l = 1; l < deeper.length; l++) {
      kernels.add(other.deeper[l], deeper[l], deeper[l].length);
    }
    reward += other.reward;
  }

  /** Adds another's coefficients, of the same block of examples. */
  void addCoefficients(Kernels kernels, LeafSums other) {
    kernels.add(other.coefficients, coefficients, coefficients.length);
  }
}
