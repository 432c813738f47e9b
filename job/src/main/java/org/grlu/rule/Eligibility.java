package org.grlu.rule;

/** What a neuron's share of the credit follows from. */
public enum Eligibility {
  /** The noise that was put in, as published. */
  INJECTED,
  /**
   * The change that the layer saw: the first hidden layer alone is perturbed, and its noise runs on
   * through the network (Dalm et al., arXiv 2310.00965).
   */
  MEASURED
}
