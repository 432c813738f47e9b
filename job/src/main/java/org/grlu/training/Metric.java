package org.grlu.training;

import org.grlu.datasets.Dataset;
import org.grlu.network.Weights;

/**
 * A metric that a user adds in a jar of their own. It is a public class with a public constructor
 * without parameters. The jar names it in the file {@code
 * META-INF/services/org.grlu.training.Metric}. Its values stand in the tables of epochs and trials,
 * in a column whose name is {@code metric_} and the metric's name. A metric changes no training
 * result, and is no part of a trial's identity.
 */
public interface Metric {
  /**
   * Returns the metric's name: a lower-case letter, then lower-case letters, digits and
   * underscores. No other metric may have the same name.
   */
  String name();

  /** Returns the metric's version. Raise it whenever {@link #value} changes its meaning. */
  default int version() {
    return 1;
  }

  /**
   * Returns the metric's value after an epoch. NaN means that there is no value, and is null in
   * tables. The trial's thread calls this method. Trials in the same JVM share one instance and may
   * call it at the same time, so it must be safe for several threads.
   *
   * @param weights the weights after the epoch, folded. Not to be modified
   * @param dataset the dataset as the trial presents it, with its cuts applied. Not to be modified
   */
  double value(Weights weights, Dataset dataset);
}
