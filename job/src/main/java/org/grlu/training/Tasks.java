package org.grlu.training;

import java.util.Arrays;
import org.grlu.datasets.LabelledImages;
import org.grlu.network.Contexts;
import org.grlu.noise.Permutation;
import org.grlu.noise.StreamKey;

/**
 * Which task an example belongs to. Of {@link ExampleStream.Kind#CLASS_INCREMENTAL} and {@link
 * ExampleStream.Kind#TASK_INCREMENTAL} task t has the classes from {@code ceil(t C / T)} to before
 * {@code ceil((t + 1) C / T)}; of {@link ExampleStream.Kind#PERMUTED} the images come T times, one
 * copy a task.
 *
 * <p>Where tasks are contexts a share of the hidden neurons, drawn for each, is active in it, and
 * the others are silent (Masse, Grant and Freedman, "Alleviating catastrophic forgetting using
 * context-dependent gating and synaptic stabilization", 2018).
 */
public final class Tasks implements Contexts {
  private static final long serialVersionUID = 1;
  private static final int[] NOBODY = {};

  private final ExampleStream stream;
  private final int classes;

  /** By task, ascending; null where none are. */
  private final int[][] silent;

  /**
   * Tasks that silence nothing, whatever the stream says.
   *
   * @param classes C
   */
  public Tasks(ExampleStream stream, int classes) {
    this(stream, classes, 0, 0);
  }

  /**
   * @param classes C
   * @param hidden neurons of the first layer
   * @param seed that draws which of them a task silences
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

  /** T. */
  public int count() {
    return stream.tasks();
  }

  /** The task of an image. */
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

  /** Groups of examples, each of one task: classes, where tasks are sets of these; else tasks. */
  int groups() {
    return ofClasses() ? classes : count();
  }

  int group(LabelledImages images, int image) {
    return ofClasses() ? images.label(image) : of(images, image);
  }

  int ofGroup(int group) {
    return ofClasses() ? ofClass(group) : group;
  }

  /** The task of a class. */
  public int ofClass(int label) {
    return (int) ((long) label * count() / classes);
  }

  /** Whether a network that is told a task may answer with a class. */
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
