package org.grlu.rule;

import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;

/** Reads the only example of a step as a row of numbers for a {@link Readout}. */
final class Inputs {
  /** The example, (stride). The elements after the inputs are 0. */
  final Floats x;

  Inputs(NetworkShape shape, Arena memory) {
    this.x = memory.of(stride(shape));
  }

  /** Returns the padded length of a row. */
  static int stride(NetworkShape shape) {
    return Kernels.padded(shape.inputs(0));
  }

  /** Reads a step's example into {@link #x}, and returns its label. */
  int read(StepSums sums) {
    InputBatch batch = sums.examples();
    batch.normalised(0, x, 0);
    return batch.label(0);
  }
}
