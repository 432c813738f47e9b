package org.grlu.training;

/** How often the learning rate and the noise scale change. */
public enum Schedule {
  /** Both are constant within an epoch, as published. */
  PER_EPOCH,
  /** Both change at each step. */
  PER_STEP
}
