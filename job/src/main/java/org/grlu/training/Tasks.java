package org.grlu.training;

import org.grlu.datasets.LabelledImages;

/**
 * Which task an example belongs to. Of {@link ExampleStream.Kind#CLASS_INCREMENTAL} and {@link
 * ExampleStream.Kind#TASK_INCREMENTAL} task t has the classes from {@code ceil(t C / T)} to before
 * {@code ceil((t + 1) C / T)}; of {@link ExampleStream.Kind#PERMUTED} the images come T times, one
 * copy a task.
 */
public final class Tasks {
  private final ExampleStream stream;
  private final int classes;

  /**
   * @param classes C
   */
  public Tasks(ExampleStream stream, int classes) {
    this.stream = stream;
    this.classes = classes;
  }

  /** T. */
  public int count() {
    return stream.tasks();
  }

  /** The task of an image. */
  public int of(LabelledImages images, int image) {
    return switch (stream.kind()) {
      case CLASS_INCREMENTAL, TASK_INCREMENTAL -> ofClass(images.label(image));
      case PERMUTED -> (int) ((long) image * count() / images.size());
      default -> 0;
    };
  }

  /** The task of a class. */
  int ofClass(int label) {
    return (int) ((long) label * count() / classes);
  }

  /** Whether a network that is told a task may answer with a class. */
  boolean has(int task, int label) {
    return stream.kind() != ExampleStream.Kind.TASK_INCREMENTAL || ofClass(label) == task;
  }
}
