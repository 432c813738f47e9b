package org.grlu.network;

import java.io.Serializable;
import org.grlu.datasets.LabelledImages;

/**
 * What is known of examples besides their labels: which of a few contexts, tasks that come one
 * after another, each belongs to.
 */
public interface Contexts extends Serializable {
  /** The context of an image of a set. */
  int of(LabelledImages images, int image);

  /** The neurons of the first layer that are silent in a context. Not to be modified. */
  int[] silent(int context);

  /** Whether an output is one of the context that a label belongs to. */
  boolean together(int output, int label);
}
