package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Dense;
import org.grlu.network.InputBatch;

/**
 * Infers which task an example belongs to: the task of the nearest mean, {@code argmin over g of |x
 * - m_g|^2}. Here x is what the first layer reads, after layer norm if there is one, and m_g is the
 * mean training input of group g. Groups are the classes of the tasks so far, where tasks are sets
 * of classes; else groups are the tasks so far. The nearest mean is the one with the largest {@code
 * m_g . x - |m_g|^2 / 2}, so the means are stored as the weights of a dense layer.
 *
 * <p>A mean is taken over all training examples of its group, each counted once and without input
 * dropout or shift. A running mean would have this value at the end of the task. Because the means
 * follow from the data alone, checkpoints do not hold them.
 */
final class ContextMeans {
  private static final int BLOCK = 64;

  private final Kernels kernels = Kernels.best();
  private final LabelledImages train;
  private final Tasks tasks;
  private final InputBatch batch;
  private final Dense layer;
  private final Floats scores;

  /**
   * The weights of {@link #layer}: one unit for each group, with weights m_g and bias -|m_g|^2 / 2.
   */
  private final Floats matrix;

  /** The number of tasks whose means are known. */
  private int known;

  ContextMeans(TrialSettings settings, LabelledImages train) {
    this.train = train;
    this.tasks = settings.tasks();
    this.batch = settings.inputs();
    this.layer = new Dense(0, settings.shape().inputs(0), tasks.groups(), true);
    this.scores = Floats.of(layer.stride());
    this.matrix = Floats.of(layer.rows() * layer.stride());
  }

  /** Computes the means of all tasks up to {@code task} that are not known yet. */
  void learn(int task) {
    for (int g = 0; g < tasks.groups(); g++) {
      if (tasks.ofGroup(g) >= known && tasks.ofGroup(g) <= task) {
        put(g, mean(g));
      }
    }
    known = Math.max(known, task + 1);
  }

  private double[] mean(int group) {
    int inputs = layer.inputs();
    double[] sum = new double[inputs];
    Floats x = Floats.of(inputs);
    int[] order = new int[BLOCK];
    int count = 0;
    int filled = 0;
    for (int i = 0; i < train.size(); i++) {
      if (tasks.group(train, i) == group) {
        order[filled++] = i;
        count++;
      }
      if (filled == BLOCK || i == train.size() - 1) {
        batch.load(train, order, 0, filled);
        for (int e = 0; e < filled; e++) {
          batch.normalised(e, x, 0);
          for (int j = 0; j < inputs; j++) {
            sum[j] += x.get(j);
          }
        }
        filled = 0;
      }
    }
    for (int j = 0; j < inputs; j++) {
      sum[j] /= Math.max(1, count);
    }
    return sum;
  }

  private void put(int group, double[] mean) {
    double squares = 0;
    for (int j = 0; j < mean.length; j++) {
      matrix.set(j * layer.stride() + group, (float) mean[j]);
      squares += mean[j] * mean[j];
    }
    matrix.set(layer.biasAt() + group, (float) (-squares / 2));
    layer.sumRows(matrix, Floats.of(layer.stride()));
  }

  /** Returns whether an image belongs to one of the tasks so far. */
  boolean knows(LabelledImages images, int image) {
    return tasks.of(images, image) < known;
  }

  /** Returns the task that an image really belongs to. */
  int task(LabelledImages images, int image) {
    return tasks.of(images, image);
  }

  /** Returns the task that is inferred for example {@code e} of a batch. */
  int nearest(InputBatch examples, int e) {
    examples.product(kernels, matrix, layer.stride(), e, scores, 0);
    int nearest = 0;
    for (int g = 1; g < tasks.groups(); g++) {
      boolean nearer = scores.get(g) > scores.get(nearest);
      nearest = nearer && tasks.ofGroup(g) < known ? g : nearest;
    }
    return tasks.ofGroup(nearest);
  }
}
