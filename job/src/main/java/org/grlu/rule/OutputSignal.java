package org.grlu.rule;

/** What the output layer learns from. */
public enum OutputSignal {
  /** Its own noise and the reward, as published. */
  NOISE,
  /** The reward and the measured change of its outputs, which the noise of hidden layers makes. */
  MEASURED,
  /** Its own error, onehot(label) - softmax(logits): exact, and local to it. */
  ERROR
}
