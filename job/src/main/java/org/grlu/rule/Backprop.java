package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * Back-propagation (Rumelhart, Hinton and Williams, 1986), which is the baseline. The rule computes
 * the exact gradient of the mean reward over the batch, through layer norm and skip connections,
 * for the network that the other rules train. Under top-k the gradient treats the mask as a
 * constant. The mask uses the Gumbel draws of GRLU's first perturbation.
 */
public record Backprop() implements BackwardRule {
  @Override
  public Backward backward(NetworkShape shape, Arena memory) {
    return Weights::layer;
  }
}
