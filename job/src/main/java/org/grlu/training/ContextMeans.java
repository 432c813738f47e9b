package org.grlu.training;

import org.grlu.datasets.LabelledImages;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.Dense;
import org.grlu.network.InputBatch;

/**
 * Which task an example seems to be of: that of the nearest mean, {@code argmin_g |x - m_g|^2}, g
 * being the classes of the tasks so far, or where tasks are not sets of classes these tasks
 * themselves. x is what the first layer reads, after layer norm if there is one. That is the
 * largest of {@code m_g . x - |m_g|^2 / 2}, a layer of weights.
 *
 * <p>A mean is over all training examples of its group as they are, each once: what a running mean
 * has come to when the task is over. So it follows from the data alone, and no checkpoint need have
 * it.
 */
final class ContextMeans {
  private static final int BLOCK = 64;

  private final Kernels kernels = Kernels.best();
  private final LabelledImages train;
  private final Tasks tasks;
  private final InputBatch batch;
  private final Dense layer;
  private final Floats scores;

  /** That layer's weights: a unit for each group. */
  private final Floats matrix;

  private int known;

  ContextMeans(TrialSettings settings, LabelledImages train) {
    this.train = train;
    this.tasks = settings.tasks();
    this.batch = settings.inputs();
    this.layer = new Dense(0, settings.shape().inputs(0), tasks.groups(), true);
    this.scores = Floats.of(layer.stride());
    this.matrix = Floats.of(layer.rows() * layer.stride());
  }

  /** Learns the means of tasks that it does not know yet, up to one. */
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

  /** Whether an image is of a task so far. */
  boolean knows(LabelledImages images, int image) {
    return tasks.of(images, image) < known;
  }

  /** The task that an image is of. */
  int task(LabelledImages images, int image) {
    return tasks.of(images, image);
  }

  /** The task that example {@code e} of a batch seems to be of. */
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
