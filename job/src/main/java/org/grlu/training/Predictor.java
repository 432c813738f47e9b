package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.network.InputBatch;
import org.grlu.network.Passes;
import org.grlu.network.Weights;
import org.grlu.rule.Rewards;

/**
 * A model's answers to examples: the class that {@link Evaluation} would count, and the softmax of
 * the logits. For one thread.
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

  /** The model's memory; weights are not copied, and must not change. */
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

  /** How many classes the model tells. */
  public int classes() {
    return classes;
  }

  /**
   * Answers to images {@code from} to {@code from + count}.
   *
   * @param best Modified. By example, the class of the largest logit, the first of equals
   * @param probabilities Modified. (count x classes)
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
