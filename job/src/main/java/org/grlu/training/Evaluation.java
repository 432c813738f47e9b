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

/** Unperturbed passes over many images. */
public final class Evaluation {
  private static final int BLOCK = 64;

  /** Images of which {@link #divergedLayer} reads no more. */
  public static final int MOST_LOOKED_AT = BLOCK;

  private final NetworkShape shape;
  private final Arena memory = new Arena();
  private final Passes forward;
  private final InputBatch batch;

  /** Null where no context is inferred. */
  private ContextMeans means;

  /**
   * What a set of images gave.
   *
   * @param images how many there were
   * @param correct of them, those whose largest logit (the first, of equals) is the label's
   * @param silent for each hidden layer, the share of neurons that the activation kept silent
   * @param dead for each hidden layer, the share of neurons that it kept silent for every image
   * @param ofTasks for each task, the share of its images that was right, NaN of none
   * @param inferred the share of images of the tasks so far whose task was inferred right; NaN
   *     where none is inferred
   */
  public record Result(
      int images,
      int correct,
      List<Double> silent,
      List<Double> dead,
      List<Double> ofTasks,
      double inferred) {
    /** Without tasks. */
    public Result(int images, int correct, List<Double> silent, List<Double> dead) {
      this(images, correct, silent, dead, List.of(), Double.NaN);
    }

    /** The share that was right; NaN of no images. */
    public double accuracy() {
      return images == 0 ? Double.NaN : (double) correct / images;
    }
  }

  /** What some images of a set gave, to be added to what others gave: exact, in any order. */
  public static final class Counts implements Serializable {
    private static final long serialVersionUID = 1;

    private int images;
    private int correct;

    /** How many images pass each neuron of each hidden layer. */
    private final double[][] active;

    private Counts(double[][] active) {
      this.active = active;
    }

    /** Adds what others gave. */
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

  /** Scratch memory for one thread, to evaluate as a trial does. */
  public Evaluation(TrialSettings settings) {
    this.shape = settings.shape();
    this.forward = settings.rule().passes(shape, BLOCK, memory);
    this.batch = settings.inputs();
  }

  /**
   * From now on the context of an image is inferred from these; of the task of its own, if null.
   */
  void infer(ContextMeans from) {
    means = from;
  }

  /** Evaluates the first {@code count} of {@code images}, or all if there are fewer. */
  public Result of(Weights weights, LabelledImages images, int count) {
    return of(weights, images, count, null);
  }

  /**
   * The same.
   *
   * @param tasks that images belong to; null where there are none
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

  /** Of no images. */
  public Counts counts() {
    double[][] active = new double[shape.depth() - 1][];
    for (int l = 0; l < active.length; l++) {
      active[l] = new double[shape.stride(l)];
    }
    return new Counts(active);
  }

  /** Evaluates images {@code from} to {@code to}, the latter not included, without contexts. */
  public Counts of(Weights weights, LabelledImages images, int from, int to) {
    Counts counts = counts();
    count(weights, images, from, to, null, counts, new int[2], new int[0], new int[0]);
    return counts;
  }

  /** What a set gave of which all images are counted. */
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
   * Evaluates images {@code first} to {@code end}, the latter not included.
   *
   * @param tasks that images belong to; null where there are none
   * @param counts Modified
   * @param inferred Modified: gets how many contexts were inferred right, and how many were known
   * @param right Modified: of each task, how many of its images are right
   * @param shown Modified: and how many there are
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
   * How many of images {@code order[from..from+count)} are right, each in its own context, of those
   * in every {@code apart}th place.
   *
   * @param tasks that images belong to; null where there are none
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
   * The first layer at which images {@code order[from..from+count)} stop being finite: whose
   * weights are not, or whose neurons are not; the last layer if all are.
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

  /** The class with the largest logit, of those that the task has. */
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
