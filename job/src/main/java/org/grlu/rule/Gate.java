package org.grlu.rule;

/** Which hidden neurons are perturbed. */
public enum Gate {
  /** All, as published. */
  NONE,
  /** Those that the activation lets through: a silent neuron neither wavers nor learns. */
  ACTIVE
}
