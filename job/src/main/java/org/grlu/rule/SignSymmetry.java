package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Sign symmetry (Liao, Leibo and Poggio, 2016, arXiv:1510.05067). The rule is {@link Backprop},
 * except that {@code sign(W) sqrt(2 / inputs)} takes the place of each layer's weights W on the
 * gradient's way back. The factor {@code sqrt(2 / inputs)} is the standard deviation of the initial
 * weights.
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

  /**
   * Computes the signs of the inputs' weights. The bias stays 0, because no gradient is sent back
   * through it.
   */
  private static Floats signed(NetworkShape shape, Weights weights, int l, Floats out) {
    float size = (float) StrictMath.sqrt(2.0 / shape.inputs(l));
    Kernels.best().signs(weights.layer(l), size, out, shape.layer(l).biasAt());
    return out;
  }
}
