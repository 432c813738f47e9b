package org.grlu.network;

/** What a layer sees beside the layer before it. */
public enum Skip {
  NONE,
  /** A hidden layer as wide as its input adds that input to its output; never the first layer. */
  RESIDUAL,
  /** A layer's input is the network's input and all earlier hidden outputs, concatenated. */
  DENSE
}
