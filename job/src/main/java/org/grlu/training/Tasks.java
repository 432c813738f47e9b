package org.grlu.training;

import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Contexts;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * Tells which task an example belongs to. Let C be the number of classes and T that of tasks. Under
 * {@link ExampleStream.Kind#CLASS_INCREMENTAL} and {@link ExampleStream.Kind#TASK_INCREMENTAL},
 * task t has the classes from {@code ceil(t C / T)} (inclusive) to {@code ceil((t + 1) C / T)}
 * (exclusive). Under {@link ExampleStream.Kind#PERMUTED} the images come T times, one copy for each
 * task.
 *
 * <p>Where tasks are contexts, each task draws a share of the hidden neurons that stay active. The
 * other hidden neurons are silent in it (Masse, Grant and Freedman, "Alleviating catastrophic
 * forgetting using context-dependent gating and synaptic stabilization", 2018).
 */
public final class Tasks implements Contexts {
  private static final long serialVersionUID = 1;
  private static final int[] NOBODY = {};

  private final ExampleStream stream;
  private final int classes;

  /** The silent neurons of each task, ascending; null where tasks silence none. */
  private final int[][] silent;

  /**
   * Creates tasks that silence no neurons, whatever the stream says.
   *
   * @param classes the number C of classes
   */
  public Tasks(ExampleStream stream, int classes) {
    this(stream, classes, 0, 0);
  }

  /**
   * Creates the tasks of a stream.
   *
   * @param classes the number C of classes
   * @param hidden the number of neurons in the first layer
   * @param seed the seed that draws the silent neurons of each task
   */
  Tasks(ExampleStream stream, int classes, int hidden, long seed) {
    this.stream = stream;
    this.classes = classes;
    boolean gates = hidden > 0 && stream.context() != ExampleStream.Context.NONE;
    this.silent = gates ? new int[stream.tasks()][] : null;
    int active = (int) Math.max(1, Math.round(stream.active() * hidden));
    long key = StreamKey.of(seed, StreamKey.Purpose.CONTEXT);
    for (int t = 0; gates && t < silent.length; t++) {
      int[] order = Permutation.of(StreamKey.child(key, t), hidden);
      silent[t] = Arrays.copyOfRange(order, active, hidden);
      Arrays.sort(silent[t]);
    }
  }

  /** Returns the number T of tasks. */
  public int count() {
    return stream.tasks();
  }

  /** Returns the task of an image. */
  @Override
  public int of(LabelledImages images, int image) {
    return switch (stream.kind()) {
      case CLASS_INCREMENTAL, TASK_INCREMENTAL -> ofClass(images.label(image));
      case PERMUTED -> (int) ((long) image * count() / images.size());
      default -> 0;
    };
  }

  private boolean ofClasses() {
    return stream.kind() == ExampleStream.Kind.CLASS_INCREMENTAL
        || stream.kind() == ExampleStream.Kind.TASK_INCREMENTAL;
  }

  /**
   * Returns the number of groups of examples. A group belongs to one task: groups are the classes
   * where tasks are sets of classes, else the tasks themselves.
   */
  int groups() {
    return ofClasses() ? classes : count();
  }

  /** Returns the group of an image. */
  int group(LabelledImages images, int image) {
    return ofClasses() ? images.label(image) : of(images, image);
  }

  /** Returns the task of a group. */
  int ofGroup(int group) {
    return ofClasses() ? ofClass(group) : group;
  }

  /** Returns the task that a class belongs to, where tasks are sets of classes. */
  public int ofClass(int label) {
    return (int) ((long) label * count() / classes);
  }

  /** Returns whether the network may answer an example of a task with a class. */
  boolean has(int task, int label) {
    return stream.kind() != ExampleStream.Kind.TASK_INCREMENTAL || ofClass(label) == task;
  }

  @Override
  public int[] silent(int task) {
    return silent == null ? NOBODY : silent[task];
  }

  @Override
  public boolean together(int output, int label) {
    return !ofClasses() || ofClass(output) == ofClass(label);
  }
}
