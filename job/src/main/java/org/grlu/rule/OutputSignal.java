package org.grlu.rule;

/** The signal from which the output layer learns. */
public enum OutputSignal {
  /** The noise on the output layer and the reward, as published. */
  NOISE,
  /** The reward and the measured change of the logits, which the noise on hidden layers causes. */
  MEASURED,
  /**
   * The output layer's own error, onehot(label) - softmax(logits). It is exact and local to the
   * layer.
   */
  ERROR
}
