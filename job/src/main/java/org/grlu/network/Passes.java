package org.grlu.network;

import org.grlu.math.Arena;
import org.grlu.math.Floats;

/** Unperturbed passes through any network, over a few examples at a time: for evaluation. */
public interface Passes {
  /**
   * Passes through a network.
   *
   * @param capacity the most examples of one run
   * @param memory where its buffers are
   */
  static Passes of(NetworkShape shape, int capacity, Arena memory) {
    return shape.isMixed()
        ? new MixedPass(shape, capacity, memory)
        : new ForwardPass(shape, capacity, memory);
  }

  /** Reads what a run needs of the weights; to be called when they have changed. */
  void prepare(Weights weights);

  /** Runs examples {@code from} to {@code to} of a batch. */
  void run(Weights weights, InputBatch batch, int from, int to);

  /** The logits, (rows x padded classes). */
  Floats logits();

  /** What layer {@code l} puts out, or what it is made of: not finite where the layer is not. */
  Floats values(int l);

  /** Above 0 where hidden layer {@code l} let a neuron through, else 0, (rows x padded units). */
  Floats passed(int l);
}
