package org.grlu.training;

import java.io.Serializable;

/**
 * What a training may do besides.
 *
 * @param inputDropout the chance with which a presented image's inked pixel is dropped
 * @param shift the most pixels that a presented image is moved by in each direction
 */
public record TrainingOptions(double inputDropout, int shift) implements Serializable {
  /** Nothing: training as published. */
  public static final TrainingOptions NONE = new TrainingOptions(0, 0);
}
