package org.grlu.rule;

/** The quantity that decides a hidden neuron's share of the credit for a reward difference. */
public enum Eligibility {
  /** The noise that was added to the neuron, as published. */
  INJECTED,
  /**
   * The measured change of the neuron's output. Only the first hidden layer is perturbed, and its
   * noise propagates through the network (Dalm et al., arXiv 2310.00965).
   */
  MEASURED
}
