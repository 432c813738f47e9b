package org.grlu.training;

import java.io.Serializable;

/** How a value goes from its maximum to its minimum over training. */
public sealed interface Course extends Serializable permits Cosine, Linear {
  /** The value at {@code t}, the share of training that is over. */
  double at(double t);

  /** The value at the beginning. */
  double max();

  /** The value at the end. */
  double min();
}
