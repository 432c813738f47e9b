package org.grlu.rule;

/** The choice of the hidden neurons that are perturbed. */
public enum Gate {
  /** All hidden neurons, as published. */
  NONE,
  /**
   * The neurons that the activation lets through. A silent neuron gets no noise and does not learn.
   */
  ACTIVE
}
