package org.grlu.training;

import java.io.Serializable;

/**
 * The order in which training presents examples, and the means against forgetting.
 *
 * @param kind the kind of stream
 * @param tasks the number of tasks, which come one after another; 1 where there are none
 * @param passes the number of passes over a task's examples before the next task comes
 * @param perClass the number of examples of each class under {@link Kind#FEW_SHOT}; else 0
 * @param replay the number of examples that are kept to be presented again; 0 for none
 * @param context whether each task silences hidden neurons, and how the network knows the task when
 *     it is evaluated
 * @param active the share of hidden neurons that a task leaves active
 * @param ewc the strength lambda of {@link ElasticWeights}; 0 for none
 * @param metaplasticity the strength m of {@link Metaplasticity}; 0 for none
 * @param prequential whether each new example is answered before it is learnt. No other result
 *     depends on it
 */
public record ExampleStream(
    Kind kind,
    int tasks,
    int passes,
    int perClass,
    int replay,
    Context context,
    double active,
    double ewc,
    double metaplasticity,
    boolean prequential)
    implements Serializable {
  /** The stream in which every epoch presents all examples. */
  public static final ExampleStream IID = new ExampleStream(Kind.IID, 1, 1, 0, 0);

  /** Creates a stream without contexts, elastic weights, metaplasticity and prequential answers. */
  public ExampleStream(Kind kind, int tasks, int passes, int perClass, int replay) {
    this(kind, tasks, passes, perClass, replay, Context.NONE, 1, 0, 0, false);
  }

  /**
   * How the network knows the task of an example when it is evaluated. In training it is always
   * told.
   */
  public enum Context {
    /** Tasks silence no neurons. */
    NONE,
    /** The network is told the task. */
    GIVEN,
    /** The network infers the task, see {@link ContextMeans}. */
    INFERRED
  }

  /** Kinds of streams. */
  public enum Kind {
    /** Every epoch presents all examples. */
    IID,
    /** A few examples of each class, drawn by the seed. */
    FEW_SHOT,
    /** Tasks are sets of classes. The network chooses among all classes. */
    CLASS_INCREMENTAL,
    /** Tasks are sets of classes. The network is told the task and chooses among its classes. */
    TASK_INCREMENTAL,
    /** Tasks are permutations of the input. */
    PERMUTED
  }

  /** Returns whether the stream has tasks that come one after another. */
  public boolean hasTasks() {
    return kind == Kind.CLASS_INCREMENTAL || kind == Kind.TASK_INCREMENTAL || kind == Kind.PERMUTED;
  }

  /**
   * Returns the number of epochs of a stream with tasks. Each epoch is one pass over one task's
   * examples.
   */
  public int epochs() {
    return tasks * passes;
  }

  /** Returns the task that an epoch presents, both counted from 0. */
  public int task(int epoch) {
    return epoch / passes;
  }
}
