package org.grlu.training;

import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;

/**
 * A metric of someone's own, from a jar beside this one: a public class without constructor
 * parameters, named in the jar's file {@code META-INF/services/org.grlu.training.Metric}. Its
 * values stand in the tables of epochs and trials, in a column {@code metric_} and its name. It
 * changes no training result, and is no part of a trial's identity.
 */
public interface Metric {
  /** In lower case, with digits and underscores; no other metric's. */
  String name();

  /** Goes up with each change of what {@link #value} gives. */
  default int version() {
    return 1;
  }

  /**
   * The metric after an epoch; NaN where it has none, which tables have as null. Called in the
   * trial's thread, while other threads may call other metrics of this class.
   *
   * @param weights Not to be modified. Folded
   * @param dataset Not to be modified. Its cuts applied
   */
  double value(Weights weights, Dataset dataset);
}
