package org.grlu.training;

import org.grlu.math.Floats;
import org.grlu.network.ModelFileException;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * The order in which the steps of an epoch present the training examples. An epoch has as many
 * presentations as its steps need.
 *
 * <p>Without priorities each epoch is a random permutation. With priorities the first epoch is a
 * permutation too. From the second epoch on, example i is drawn in proportion to its priority pi_i
 * (prioritised sampling: Schaul et al., "Prioritized Experience Replay", 2016, arXiv 1511.05952;
 * here the priority is the chance of a wrong answer). The draw is by rejection: draw i uniformly,
 * accept it with probability {@code pi_i / (1 + phi)}, else draw again. All examples of a step are
 * drawn before the step.
 *
 * <p>A priority is 1 at first. After each step with the example it becomes {@code pi = min(1, (1 -
 * exp(min(0, r))) + phi)}, with r the mean of the example's rewards in that step.
 *
 * <p>A draw is a function of the seed, the epoch, the place in the epoch, and the priorities. The
 * priorities are part of a {@link Checkpoint}.
 */
final class ExampleOrder implements Presentation {
  private static final int BITS = 32;
  private static final long LOW = 0xffffffffL;

  private final double floor;
  private final int batch;
  private final int examples;
  private final long key;

  /** The priority of each example; null where each epoch is a permutation. */
  private final Floats priorities;

  private int[] numbers;

  // of the current epoch
  private boolean draws;
  private long epochKey;

  /**
   * Creates the order of a trial.
   *
   * @param examples the number of training examples
   * @param known Modified by steps: the priorities so far; null before the first epoch
   * @throws ModelFileException where {@code known} has another length than {@code examples}
   */
  ExampleOrder(TrainingSettings training, int examples, Floats known) {
    this.floor = training.options().orderFloor();
    this.batch = training.batchSize();
    this.examples = examples;
    this.key = StreamKey.of(training.seed(), StreamKey.Purpose.ORDER);
    this.priorities = training.options().prioritised() ? priorities(examples, known) : null;
  }

  private static Floats priorities(int examples, Floats known) {
    if (known == null) {
      Floats ones = Floats.of(examples);
      ones.fill(0, examples, 1f);
      return ones;
    }
    if (known.length() != examples) {
      throw new ModelFileException(
          "checkpoint with priorities of %d examples: must be of the %d to train on",
          known.length(), examples);
    }
    return known;
  }

  @Override
  public int steps(int epoch) {
    return examples / batch;
  }

  @Override
  public long firstStep(int epoch) {
    return (long) epoch * steps(epoch);
  }

  @Override
  public void begin(int epoch) {
    epochKey = StreamKey.child(key, epoch);
    draws = priorities != null && epoch > 0;
    numbers = draws ? new int[examples] : Permutation.of(epochKey, examples);
  }

  @Override
  public void draw(int from) {
    for (int i = from; draws && i < from + batch; i++) {
      numbers[i] = drawn(StreamKey.child(epochKey, i));
    }
  }

  private int drawn(long own) {
    for (long attempt = 0; ; attempt++) {
      long bits = StreamKey.child(own, attempt);
      int example = (int) (((bits >>> BITS) * examples) >>> BITS);
      if ((bits & LOW) * 0x1p-32 * (1 + floor) < priorities.get(example)) {
        return example;
      }
    }
  }

  @Override
  public int[] numbers() {
    return numbers;
  }

  /** Sets the priorities of the step's examples from their rewards. */
  @Override
  public void learn(int from, StepEngine engine, int each) {
    if (priorities == null) {
      return;
    }
    Floats rewards = engine.rewards();
    for (int e = 0; e < batch; e++) {
      double mean = (double) rewards.get(e) / each;
      double wrong = 1 - StrictMath.exp(Math.min(0, mean));
      priorities.set(numbers[from + e], (float) Math.min(1, wrong + floor));
    }
  }

  @Override
  public Floats priorities() {
    return priorities;
  }
}
