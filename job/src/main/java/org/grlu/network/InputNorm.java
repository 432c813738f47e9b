package org.grlu.network;

/** What becomes of an example's inputs before the first layer reads them. */
public enum InputNorm {
  /** Layer norm. */
  LAYER,
  /** Nothing: a code that is normalised already is read as it is. */
  NONE
}
