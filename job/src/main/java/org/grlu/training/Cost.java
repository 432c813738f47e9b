package org.grlu.training;

import java.io.Serializable;
import java.util.List;

/**
 * The cost of training, or of a part of it.
 *
 * @param forwardPasses the number of passes through the network that the rule's definition makes
 * @param cpuSeconds the CPU time of all threads, in seconds
 * @param wallSeconds the elapsed time, in seconds
 */
public record Cost(long forwardPasses, double cpuSeconds, double wallSeconds)
    implements Serializable {
  /** The cost of nothing: all numbers are 0. */
  public static final Cost NONE = new Cost(0, 0, 0);

  /** Returns this cost plus the costs of finished epochs. */
  public Cost plus(List<EpochMetrics> epochs) {
    long passes = forwardPasses;
    double cpu = cpuSeconds;
    double wall = wallSeconds;
    for (EpochMetrics epoch : epochs) {
      passes += epoch.forwardPasses();
      cpu += epoch.cpuSeconds();
      wall += epoch.wallSeconds();
    }
    return new Cost(passes, cpu, wall);
  }
}
