package org.grlu.training;

import java.io.Serializable;

/** The course of a value over training, from its first value to its last. */
public sealed interface Course extends Serializable permits Cosine, Linear {
  /** Returns the value at {@code t}, the share of training that is over, from 0 to 1. */
  double at(double t);

  /** Returns the value at the beginning of training. */
  double max();

  /** Returns the value at the end of training. */
  double min();
}
