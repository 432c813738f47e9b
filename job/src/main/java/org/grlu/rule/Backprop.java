package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Back-propagation: the exact gradient of the mean reward over the batch, through layer norm and
 * skips, for the same network (Rumelhart, Hinton and Williams, 1986). The baseline. Under top-k the
 * mask, drawn as in GRLU's first perturbation, counts as a constant.
 */
public record Backprop() implements BackwardRule {
  @Override
  public Backward backward(NetworkShape shape, Arena memory) {
    return Weights::layer;
  }
}
