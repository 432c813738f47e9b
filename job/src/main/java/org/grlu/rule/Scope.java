package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.InputBatch;

/**
 * The choice of the output neurons that are perturbed and therefore learn. A perturbed neuron has
 * the same noise under every scope.
 */
public enum Scope {
  /** All output neurons. */
  ALL,
  /**
   * The output neuron of the example's label. This models a dopamine compartment for each class.
   */
  LABEL,
  /** The output neurons of the classes in the example's task. A task is a set of classes. */
  TASK;

  /** Returns whether an output neuron is perturbed for example {@code e} of a batch. */
  boolean reaches(int output, InputBatch batch, int e) {
    return switch (this) {
      case ALL -> true;
      case LABEL -> output == batch.label(e);
      case TASK -> batch.together(output, e);
    };
  }

  /**
   * Sets the noise to zero on output neurons that are not perturbed.
   *
   * @param noise Modified. (outputs x lanes)
   */
  void limit(Floats noise, int outputs, int lanes, InputBatch batch, int e) {
    for (int u = 0; u < outputs; u++) {
      if (!reaches(u, batch, e)) {
        noise.fill(u * lanes, (u + 1) * lanes, 0f);
      }
    }
  }
}
