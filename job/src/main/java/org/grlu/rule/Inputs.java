package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;

/** The one example of a step as a row of numbers, (stride), for a {@link Readout}. */
final class Inputs {
  /** Behind the inputs it is 0. */
  final Floats x;

  Inputs(NetworkShape shape, Arena memory) {
    this.x = memory.of(stride(shape));
  }

  /** The length of such a row, padded. */
  static int stride(NetworkShape shape) {
    return Kernels.padded(shape.inputs(0));
  }

  /** Reads a step's example; its label. */
  int read(StepSums sums) {
    InputBatch batch = sums.examples();
    batch.normalised(0, x, 0);
    return batch.label(0);
  }
}
