package org.grlu.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grlu.datasets.LabelledImages;
import org.grlu.math.Arena;
import org.grlu.math.Floats;
import org.grlu.math.Kernels;
import org.grlu.network.InputBatch;
import org.grlu.network.NetworkShape;
import org.grlu.network.Passes;
import org.grlu.network.Weights;

/**
 * Evaluates a network on many images, by passes without noise. It holds scratch memory, so each
 * thread needs its own.
 */
public final class Evaluation {
  private static final int BLOCK = 64;

  /** The most images that {@link #divergedLayer} looks at. */
  public static final int MOST_LOOKED_AT = BLOCK;

  private final NetworkShape shape;
  private final Arena memory = new Arena();
  private final Passes forward;
  private final InputBatch batch;

  /** Null where no context is inferred. */
  private ContextMeans means;

  /**
   * The results of a network on a set of images.
   *
   * @param images the number of images
   * @param correct the number of images whose label has the largest logit. Of equal logits the
   *     first counts. Under task-incremental streams only the logits of the image's task compete
   * @param silent for each hidden layer the share of neurons that the activation keeps silent, over
   *     all images
   * @param dead for each hidden layer the share of neurons that are silent for every image
   * @param ofTasks for each task the share of its images that is right, NaN for a task without
   *     images; an empty list where there are no tasks
   * @param inferred the share of correctly inferred tasks, over the images of the tasks so far; NaN
   *     where no task is inferred
   */
  public record Result(
      int images,
      int correct,
      List<Double> silent,
      List<Double> dead,
      List<Double> ofTasks,
      double inferred) {
    /** Creates results without tasks. */
    public Result(int images, int correct, List<Double> silent, List<Double> dead) {
      this(images, correct, silent, dead, List.of(), Double.NaN);
    }

    /** Returns the share of images that is right; NaN where there are no images. */
    public double accuracy() {
      return images == 0 ? Double.NaN : (double) correct / images;
    }
  }

  /**
   * Counts over part of a set of images. Counts of several parts can be added in any order; the sum
   * is exact.
   */
  public static final class Counts implements Serializable {
    private static final long serialVersionUID = 1;

    private int images;
    private int correct;

    /**
     * For each hidden layer and each of its neurons, the number of images that activate the neuron.
     */
    private final double[][] active;

    private Counts(double[][] active) {
      this.active = active;
    }

    /**
     * Adds the counts of other images to these.
     *
     * @param others Not modified.
     */
    public void add(Counts others) {
      images += others.images;
      correct += others.correct;
      for (int l = 0; l < active.length; l++) {
        for (int u = 0; u < active[l].length; u++) {
          active[l][u] += others.active[l][u];
        }
      }
    }
  }

  /** Allocates memory for one thread, to evaluate networks as a trial does. */
  public Evaluation(TrialSettings settings) {
    this.shape = settings.shape();
    this.forward = settings.rule().passes(shape, BLOCK, memory);
    this.batch = settings.inputs();
  }

  /**
   * Sets how the context of an image is found from now on: inferred from {@code from}, or given by
   * the image's own task where {@code from} is null.
   */
  void infer(ContextMeans from) {
    means = from;
  }

  /**
   * Evaluates the first {@code count} images of a set, or all where there are fewer.
   *
   * @param weights Not modified.
   */
  public Result of(Weights weights, LabelledImages images, int count) {
    return of(weights, images, count, null);
  }

  /**
   * Evaluates the first {@code count} images of a set, or all where there are fewer, by task.
   *
   * @param tasks the tasks that images belong to; null where there are none
   */
  Result of(Weights weights, LabelledImages images, int count, Tasks tasks) {
    int[] right = new int[tasks == null ? 0 : tasks.count()];
    int[] shown = new int[right.length];
    Counts counts = counts();
    int[] inferred = new int[2];
    count(
        weights, images, 0, Math.min(count, images.size()), tasks, counts, inferred, right, shown);
    List<Double> ofTasks = new ArrayList<>();
    for (int t = 0; t < right.length; t++) {
      ofTasks.add(shown[t] == 0 ? Double.NaN : (double) right[t] / shown[t]);
    }
    return result(counts, ofTasks, (double) inferred[0] / inferred[1]);
  }

  /** Returns the counts of no images, to which others are added. */
  public Counts counts() {
    double[][] active = new double[shape.depth() - 1][];
    for (int l = 0; l < active.length; l++) {
      active[l] = new double[shape.stride(l)];
    }
    return new Counts(active);
  }

  /**
   * Counts over images {@code from} (inclusive) to {@code to} (exclusive). The counts do not tell
   * tasks apart.
   *
   * @param weights Not modified.
   */
  public Counts of(Weights weights, LabelledImages images, int from, int to) {
    Counts counts = counts();
    count(weights, images, from, to, null, counts, new int[2], new int[0], new int[0]);
    return counts;
  }

  /** Returns the results of a set from the counts over all its images. */
  public Result result(Counts counts) {
    return result(counts, List.of(), Double.NaN);
  }

  private Result result(Counts counts, List<Double> ofTasks, double inferred) {
    double[][] active = counts.active;
    List<Double> silent = new ArrayList<>();
    List<Double> dead = new ArrayList<>();
    for (int l = 0; l < active.length; l++) {
      double units = shape.layer(l).neurons().numbers();
      boolean none = shape.units(l) == 0;
      long passed = Arrays.stream(active[l]).filter(passes -> passes > 0).count();
      silent.add(none ? 0 : 1 - Arrays.stream(active[l]).sum() / (counts.images * units));
      dead.add(none ? 0 : 1 - passed / units);
    }
    return new Result(counts.images, counts.correct, silent, dead, ofTasks, inferred);
  }

  /**
   * Counts over images {@code first} (inclusive) to {@code end} (exclusive).
   *
   * @param tasks the tasks that images belong to; null where there are none
   * @param counts Modified: the images' counts are added
   * @param inferred Modified: adds to [0] the images whose task was inferred correctly, and to [1]
   *     the images of the tasks so far
   * @param right Modified: adds for each task the number of its images that are right
   * @param shown Modified: adds for each task the number of its images
   */
  private void count(
      Weights weights,
      LabelledImages images,
      int first,
      int end,
      Tasks tasks,
      Counts counts,
      int[] inferred,
      int[] right,
      int[] shown) {
    memory.settle();
    forward.prepare(weights);
    int[] order = new int[BLOCK];
    for (int from = first; from < end; from += BLOCK) {
      int rows = Math.min(BLOCK, end - from);
      for (int r = 0; r < rows; r++) {
        order[r] = from + r;
      }
      batch.load(images, order, 0, rows);
      for (int r = 0; means != null && r < rows; r++) {
        int context = means.nearest(batch, r);
        batch.context(r, context);
        if (means.knows(images, from + r)) {
          inferred[1]++;
          inferred[0] += means.task(images, from + r) == context ? 1 : 0;
        }
      }
      forward.run(weights, batch, 0, rows);
      for (int r = 0; r < rows; r++) {
        int task = tasks == null ? 0 : tasks.of(images, from + r);
        int hit = best(r, tasks, task) == batch.label(r) ? 1 : 0;
        counts.correct += hit;
        if (tasks != null) {
          right[task] += hit;
          shown[task]++;
        }
      }
      counts.images += rows;
      for (int l = 0; l < counts.active.length; l++) {
        count(forward.passed(l), rows, counts.active[l]);
      }
    }
  }

  /**
   * Returns how many images of {@code order[from..from+count)} are right, each in its own context.
   * Only places that are a multiple of {@code apart} count.
   *
   * @param weights Not modified.
   * @param order the numbers of images. Not modified
   * @param tasks the tasks that images belong to; null where there are none
   */
  int right(
      Weights weights,
      LabelledImages images,
      int[] order,
      int from,
      int count,
      int apart,
      Tasks tasks) {
    forward.prepare(weights);
    int right = 0;
    for (int first = from; first < from + count; first += BLOCK) {
      int rows = Math.min(BLOCK, from + count - first);
      batch.load(images, order, first, rows);
      forward.run(weights, batch, 0, rows);
      for (int r = 0; r < rows; r++) {
        int task = tasks == null ? 0 : tasks.of(images, order[first + r]);
        boolean counts = (first + r) % apart == 0;
        right += counts && best(r, tasks, task) == batch.label(r) ? 1 : 0;
      }
    }
    return right;
  }

  /**
   * Returns the first layer, from 0, where a pass over images {@code order[from..from+count)} has
   * weights or neurons that are NaN or infinite. Returns the last layer where there is none. At
   * most {@link #MOST_LOOKED_AT} images are looked at.
   *
   * @param weights Not modified.
   * @param order the numbers of images. Not modified
   */
  public int divergedLayer(
      Weights weights, LabelledImages images, int[] order, int from, int count) {
    int rows = Math.min(count, MOST_LOOKED_AT);
    batch.load(images, order, from, rows);
    forward.prepare(weights);
    forward.run(weights, batch, 0, rows);
    for (int l = 0; l < shape.depth(); l++) {
      if (!weights.finite(l)
          || !Double.isFinite(
              sum(forward.values(l), rows * Kernels.padded(shape.layer(l).puts().places())))) {
        return l;
      }
    }
    return shape.depth() - 1;
  }

  /** Returns the class with the largest logit, among the classes that the task allows. */
  private int best(int row, Tasks tasks, int task) {
    int last = shape.depth() - 1;
    int at = row * shape.stride(last);
    int best = -1;
    for (int j = 0; j < shape.units(last); j++) {
      boolean may = tasks == null || tasks.has(task, j);
      if (may && (best < 0 || forward.logits().get(at + j) > forward.logits().get(at + best))) {
        best = j;
      }
    }
    return best;
  }

  private static void count(Floats mask, int rows, double[] active) {
    for (int r = 0; r < rows; r++) {
      for (int u = 0; u < active.length; u++) {
        active[u] += mask.get(r * active.length + u) > 0f ? 1 : 0;
      }
    }
  }

  private static double sum(Floats x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x.get(i);
    }
    return sum;
  }
}
