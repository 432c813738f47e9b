package org.grlu.rule;

import org.grlu.network.Activation;
import org.grlu.network.ForwardPass;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Weights;

/**
 * One leaf of a step: a block of examples, a block of perturbations, and the data that the worker
 * reads for them. Each range includes {@code from} and excludes {@code to}.
 *
 * @param weights Not modified.
 * @param batch Not modified. It holds the block's examples, and may hold others
 * @param perturbations the source of the step's random numbers
 * @param batchFrom the position in the step of the first example of {@code batch}
 * @param fromExample the position in the step of the block's first example
 * @param toExample one past the position of the block's last example
 * @param fromPerturbation the number of the block's first perturbation
 * @param toPerturbation one past the number of the block's last perturbation
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

  /** Returns the number of examples in the block. */
  public int examples() {
    return toExample - fromExample;
  }

  /** Returns the number of perturbations in the block. */
  public int pairs() {
    return toPerturbation - fromPerturbation;
  }

  /**
   * Runs the block's examples without noise. Under top-k, the pass uses the examples' own Gumbel
   * draws.
   *
   * @param pass Modified. Its row r is example r of the block
   */
  void run(ForwardPass pass, NetworkShape shape) {
    int from = inBatch(fromExample);
    pass.run(weights, batch, from, from + examples(), gumbel(shape));
  }

  /**
   * Returns the source of the Gumbel draws for examples of {@link #batch}, or null if the
   * activation is ReLU.
   */
  ForwardPass.GumbelSource gumbel(NetworkShape shape) {
    return shape.activation() == Activation.RELU
        ? null
        : (e, layer, out, at) -> perturbations.gumbel(batchFrom + e, layer, out, at);
  }

  /** Returns the position in {@link #batch} of the example at a position in the step. */
  public int inBatch(int example) {
    return example - batchFrom;
  }
}
