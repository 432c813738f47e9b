package org.grlu.training;

import java.io.Serializable;
import java.util.List;

/**
 * What training has cost.
 *
 * @param forwardPasses that the rule's definition makes
 * @param cpuSeconds of all threads
 * @param wallSeconds by the clock
 */
public record Cost(long forwardPasses, double cpuSeconds, double wallSeconds)
    implements Serializable {
  /** Nothing was spent. */
  public static final Cost NONE = new Cost(0, 0, 0);

  /** All of it, with what finished epochs cost. */
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
