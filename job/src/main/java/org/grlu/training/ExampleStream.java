package org.grlu.training;

import java.io.Serializable;

/**
 * In which order training presents examples, and what it may do against forgetting.
 *
 * @param kind of stream
 * @param tasks that come one after another; 1 where there are none
 * @param passes over a task's examples before the next one comes
 * @param perClass examples of each class, of {@link Kind#FEW_SHOT}; else 0
 * @param replay examples that are kept to be presented again; 0 for none
 * @param context whether tasks silence hidden neurons, and how a network knows the task when it is
 *     asked
 * @param active the share of hidden neurons that a task does not silence
 * @param ewc lambda of {@link ElasticWeights}; 0 for none
 * @param metaplasticity m of {@link Metaplasticity}; 0 for none
 * @param prequential whether an example is answered before it is learnt, on which no result hangs
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
  /** Every epoch presents all examples. */
  public static final ExampleStream IID = new ExampleStream(Kind.IID, 1, 1, 0, 0);

  /** With nothing against forgetting but replay. */
  public ExampleStream(Kind kind, int tasks, int passes, int perClass, int replay) {
    this(kind, tasks, passes, perClass, replay, Context.NONE, 1, 0, 0, false);
  }

  /** How a network knows the task of an example that it is asked about. In training it is told. */
  public enum Context {
    /** There are no contexts. */
    NONE,
    /** It is told. */
    GIVEN,
    /** The one whose examples' mean is nearest, of the tasks so far. */
    INFERRED
  }

  /** Kinds of streams. */
  public enum Kind {
    IID,
    /** A few examples of each class, drawn by the seed. */
    FEW_SHOT,
    /** Tasks are sets of classes; a network is to tell all classes. */
    CLASS_INCREMENTAL,
    /** The same, and a network is told the task when it is asked. */
    TASK_INCREMENTAL,
    /** Tasks are permutations of the input. */
    PERMUTED
  }

  /** Whether there are tasks, one after another. */
  public boolean hasTasks() {
    return kind == Kind.CLASS_INCREMENTAL || kind == Kind.TASK_INCREMENTAL || kind == Kind.PERMUTED;
  }

  /** Epochs of the whole stream, where it has tasks: each is one pass over one task's examples. */
  public int epochs() {
    return tasks * passes;
  }

  /** The task that an epoch, from 0, presents. */
  public int task(int epoch) {
    return epoch / passes;
  }
}
