package org.grlu.training;

import org.grlu.math.Floats;

/**
 * The order in which the steps of each epoch present the training examples. It follows from the
 * seed, and under prioritised order from the rewards too.
 */
interface Presentation {
  /** Returns the number of steps of an epoch. Epochs count from 0. */
  int steps(int epoch);

  /** Returns the number of steps in all epochs before this one. Epochs count from 0. */
  long firstStep(int epoch);

  /** Begins an epoch, counted from 0. */
  void begin(int epoch);

  /** Draws the examples of one step. They stand in {@link #numbers} from {@code from} on. */
  default void draw(int from) {}

  /**
   * Returns the numbers of the epoch's examples in the order of presentation. Those of a step are
   * valid once {@link #draw} was called for it. Not to be modified.
   */
  int[] numbers();

  /**
   * Takes the rewards of a step that has just been made.
   *
   * @param from the place of the step's first example in {@link #numbers}
   * @param engine the engine that computed the step and has its rewards
   * @param each the number of rewards of each example
   */
  default void learn(int from, StepEngine engine, int each) {}

  /**
   * Returns the priority of each training example, see {@link ExampleOrder}; null where there are
   * none. The array is not a copy: later steps change it.
   */
  default Floats priorities() {
    return null;
  }
}
