package org.grlu.training;

import java.io.Serializable;
import org.grlu.network.Initial;

/**
 * Options of training that depart from training as published.
 *
 * @param weightDecay the decay d: after each {@value #DECAY_STEPS}th step of the training all
 *     weights, but no biases, are multiplied by {@code 1 - 100 d x learning rate} of that step
 * @param initial the kind of weights that training begins with
 * @param gumbel the factor on the Gumbel draws of top-k
 * @param orderFloor phi of {@link ExampleOrder}; 0 where each epoch is a permutation
 * @param inputDropout the probability that an inked pixel of a presented image is dropped
 * @param shift the most pixels that a presented image is moved by in each direction
 * @param stream the order of examples, and the means against forgetting
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
  /**
   * The number of steps from one decay to the next. A step touches the weights of inked pixels
   * alone, while a decay touches all weights, so a decay at each step would cost too much.
   */
  static final int DECAY_STEPS = 100;

  /** The options of training as published. */
  public static final TrainingOptions NONE = new TrainingOptions(0, Initial.HE, 1, 0, 0, 0);

  /** Creates options of training that presents all examples in every epoch. */
  public TrainingOptions(
      double weightDecay,
      Initial initial,
      double gumbel,
      double orderFloor,
      double inputDropout,
      int shift) {
    this(weightDecay, initial, gumbel, orderFloor, inputDropout, shift, ExampleStream.IID);
  }

  /** Returns whether examples are drawn by priority. */
  boolean prioritised() {
    return orderFloor > 0;
  }

  /**
   * Returns the factor on all weights after a step: 1 unless weights decay after that step.
   *
   * @param number the number of the step in the whole training, from 0
   */
  double decay(long number, double learningRate) {
    return (number + 1) % DECAY_STEPS == 0 ? decayed(weightDecay, learningRate) : 1;
  }

  /**
   * Returns the factor on weights of one decay, {@code 1 - 100 weightDecay learningRate}. It must
   * stay above 0.
   */
  public static double decayed(double weightDecay, double learningRate) {
    return 1 - DECAY_STEPS * weightDecay * learningRate;
  }
}
