package org.grlu.training;

/** How often learning rate and noise scale move along their cosines. */
public enum Schedule {
  /** Constant within an epoch, as published. */
  PER_EPOCH,
  /** Smooth: a new value at each step. */
  PER_STEP
}
