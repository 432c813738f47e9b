package org.grlu.network;

/** What weights a training begins with. */
public enum Initial {
  /** Each layer its own: see {@link Layer#initialise}. */
  HE,
  /** The first layer's are differences of training images: see {@link DataPairs}. */
  DATA_PAIRS,
  /** All 0, in networks without hidden layers. */
  ZERO
}
