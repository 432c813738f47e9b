package org.grlu.rule;

import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * One leaf of a step: a block of examples and a block of perturbations, and what is to be read for
 * them. Ranges hold their first and end before their last number.
 *
 * @param weights Not modified.
 * @param batch Not modified. Holds the block's examples
 * @param perturbations where random numbers come from
 * @param batchFrom the position in the step of the first example of {@code batch}
 * @param fromExample the block's first position in the step; likewise the others
 */
public record Leaf(
    Weights weights,
    InputBatch batch,
    Perturbations perturbations,
    int batchFrom,
    int fromExample,
    int toExample,
    int fromPerturbation,
    int toPerturbation) {

  /** Examples of the block. */
  public int examples() {
    return toExample - fromExample;
  }

  /** Perturbations of the block. */
  public int pairs() {
    return toPerturbation - fromPerturbation;
  }

  /** Runs the block's examples without noise, under top-k with their own Gumbel draws. */
  void run(ForwardPass pass, NetworkShape shape) {
    int from = inBatch(fromExample);
    pass.run(weights, batch, from, from + examples(), gumbel(shape));
  }

  /** The Gumbel draws of examples of {@link #batch}; null where the activation needs none. */
  ForwardPass.GumbelSource gumbel(NetworkShape shape) {
    return shape.activation() == Activation.RELU
        ? null
        : (e, layer, out, at) -> perturbations.gumbel(batchFrom + e, layer, out, at);
  }

  /** Where in {@link #batch} an example of the step is. */
  public int inBatch(int example) {
    return example - batchFrom;
  }
}
