package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.Passes;
import org.grlu.network.Weights;
import org.grlu.rule.Rewards;

/**
 * Gives a model's answers to examples: the class that {@link Evaluation} counts, and the softmax of
 * the logits. It holds scratch memory, so each thread needs its own.
 */
public final class Predictor {
  private static final int BLOCK = 64;

  private final Weights weights;
  private final Passes forward;
  private final InputBatch batch;
  private final int[] order = new int[BLOCK];
  private final int classes;
  private final int stride;
  private final Floats shares;

  /**
   * Creates a predictor for one thread.
   *
   * @param weights Not copied. They must not change while the predictor is used
   */
  public Predictor(TrialSettings settings, Weights weights) {
    Arena memory = new Arena();
    int last = settings.shape().depth() - 1;
    this.weights = weights;
    forward = settings.rule().passes(settings.shape(), BLOCK, memory);
    batch = settings.inputs();
    classes = settings.shape().units(last);
    stride = settings.shape().stride(last);
    shares = Floats.of(classes);
    memory.settle();
    forward.prepare(weights);
  }

  /** Returns the number of classes that the model tells apart. */
  public int classes() {
    return classes;
  }

  /**
   * Answers for images {@code from} (inclusive) to {@code from + count} (exclusive).
   *
   * @param best Modified: for each image the class with the largest logit, the first of equal ones
   * @param probabilities Modified: the softmax of the logits, (count x classes)
   */
  public void predict(
      LabelledImages images, int from, int count, int[] best, float[] probabilities) {
    for (int first = 0; first < count; first += BLOCK) {
      int rows = Math.min(BLOCK, count - first);
      for (int r = 0; r < rows; r++) {
        order[r] = from + first + r;
      }
      batch.load(images, order, 0, rows);
      forward.run(weights, batch, 0, rows);
      Floats logits = forward.logits();
      for (int r = 0; r < rows; r++) {
        int at = r * stride;
        int largest = 0;
        for (int j = 1; j < classes; j++) {
          largest = logits.get(at + j) > logits.get(at + largest) ? j : largest;
        }
        best[first + r] = largest;
        Rewards.softmax(logits, at, classes, shares, 0);
        for (int j = 0; j < classes; j++) {
          probabilities[(first + r) * classes + j] = shares.get(j);
        }
      }
    }
  }
}
