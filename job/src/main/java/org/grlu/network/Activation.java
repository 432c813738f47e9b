package org.grlu.network;

/** Which neurons of a hidden layer pass their value on; the rest are silent (0). */
public enum Activation {
  /** Those above zero. */
  RELU,
  /** The largest share k of z + g, g being Gumbel(0, 1) in training and 0 in evaluation. */
  TOP_K
}
