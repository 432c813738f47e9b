package org.grlu.training;

import java.io.Serializable;
import org.grlu.network.Initial;

/**
 * What a training may do besides.
 *
 * @param weightDecay d: after each {@value #DECAY_STEPS}th step of the training all weights, but no
 *     bias, are multiplied by {@code 1 - 100 d x learning rate} of that step
 * @param initial what weights it begins with
 * @param gumbel what top-k's Gumbel draws are multiplied by
 * @param orderFloor phi of {@link ExampleOrder}; 0 where each epoch is a permutation
 * @param inputDropout the chance with which a presented image's inked pixel is dropped
 * @param shift the most pixels that a presented image is moved by in each direction
 * @param stream in which order examples come
 */
public record TrainingOptions(
    double weightDecay,
    Initial initial,
    double gumbel,
    double orderFloor,
    double inputDropout,
    int shift,
    ExampleStream stream)
    implements Serializable {
  /** Decay at each step would touch all weights, where a step touches those of inked pixels. */
  static final int DECAY_STEPS = 100;

  /** Nothing: training as published. */
  public static final TrainingOptions NONE = new TrainingOptions(0, Initial.HE, 1, 0, 0, 0);

  /** All examples in every epoch. */
  public TrainingOptions(
      double weightDecay,
      Initial initial,
      double gumbel,
      double orderFloor,
      double inputDropout,
      int shift) {
    this(weightDecay, initial, gumbel, orderFloor, inputDropout, shift, ExampleStream.IID);
  }

  boolean prioritised() {
    return orderFloor > 0;
  }

  /**
   * What weights are multiplied by after step {@code number}, from 0; 1 where it is no such step.
   */
  double decay(long number, double learningRate) {
    return (number + 1) % DECAY_STEPS == 0 ? decayed(weightDecay, learningRate) : 1;
  }

  /** What a decay multiplies weights by: must stay above 0. */
  public static double decayed(double weightDecay, double learningRate) {
    return 1 - DECAY_STEPS * weightDecay * learningRate;
  }
}
