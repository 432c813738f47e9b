package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Sign symmetry: {@link Backprop}, but that on its way back the gradient is multiplied with the
 * weights' signs alone, {@code sign(W) sqrt(2 / inputs)}: in place of a layer's weights a matrix of
 * the size that these begin with (Liao, Leibo and Poggio, 2016, arXiv:1510.05067).
 */
public record SignSymmetry() implements BackwardRule {
  @Override
  public Backward backward(NetworkShape shape, Arena memory) {
    Floats[] signs = new Floats[shape.depth()];
    for (int l = 1; l < signs.length; l++) {
      signs[l] = memory.of(shape.layer(l).length());
    }
    return (weights, l) -> signed(shape, weights, l, signs[l]);
  }

  /** Of an input's own weights; the bias, which nothing is sent back through, stays 0. */
  private static Floats signed(NetworkShape shape, Weights weights, int l, Floats out) {
    float size = (float) StrictMath.sqrt(2.0 / shape.inputs(l));
    Kernels.best().signs(weights.layer(l), size, out, shape.layer(l).biasAt());
    return out;
  }
}
