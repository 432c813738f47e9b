package org.grlu.rule;

import org.grlu.math.Floats;
import org.grlu.network.InputBatch;

/** Which outputs are perturbed, and so learn. Each has the noise that it has under {@link #ALL}. */
public enum Scope {
  /** All of them. */
  ALL,
  /** The one of the example's own label: a dopamine compartment for each class. */
  LABEL,
  /** Those of the example's own task, where tasks are sets of classes. */
  TASK;

  /** Whether an output is perturbed by example {@code e} of a batch. */
  boolean reaches(int output, InputBatch batch, int e) {
    return switch (this) {
      case ALL -> true;
      case LABEL -> output == batch.label(e);
      case TASK -> batch.together(output, e);
    };
  }

  /**
   * Takes the noise from outputs that are not perturbed.
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
