package org.grlu.network;

/** Whether hidden layers learn. */
public enum HiddenLayers {
  TRAINED,
  /** They keep their initial weights; the output layer alone learns. */
  FROZEN
}
