package org.grlu.training;

import org.grlu.math.Floats;

/** Which training examples the steps of each epoch present: a function of the seed. */
interface Presentation {
  /** Steps of an epoch, from 0. */
  int steps(int epoch);

  /** The number of an epoch's first step in the whole training. */
  long firstStep(int epoch);

  /** Begins an epoch, counted from 0. */
  void begin(int epoch);

  /** Draws what the step presents whose examples stand from {@code from}. */
  default void draw(int from) {}

  /** The examples' numbers; a step's, when they are drawn. Not to be modified. */
  int[] numbers();

  /**
   * Hears of a step.
   *
   * @param from where its examples stand
   * @param engine that has computed it
   * @param each how many rewards an example has
   */
  default void learn(int from, StepEngine engine, int each) {}

  /** By example, see {@link ExampleOrder}; null where there are none. The array itself. */
  default Floats priorities() {
    return null;
  }
}
