package org.grlu.rule;

import org.grlu.math.Floats;

/** Which outputs are perturbed, and so learn. Each has the noise that it has under {@link #ALL}. */
public enum Scope {
  /** All of them. */
  ALL,
  /** The one of the example's own label: a dopamine compartment for each class. */
  LABEL;

  /** Whether an output is perturbed by examples of a label. */
  boolean reaches(int output, int label) {
    return this == ALL || output == label;
  }

  /**
   * Takes the noise from outputs that are not perturbed.
   *
   * @param noise Modified. (outputs x lanes)
   */
  void limit(Floats noise, int outputs, int lanes, int label) {
    for (int u = 0; u < outputs; u++) {
      if (!reaches(u, label)) {
        noise.fill(u * lanes, (u + 1) * lanes, 0f);
      }
    }
  }
}
