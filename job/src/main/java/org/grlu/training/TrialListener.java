package org.grlu.training;

/** Hears of a trial's progress. The trial's thread makes the calls. */
public interface TrialListener {
  /**
   * Called during an epoch, at most five times a second.
   *
   * @param epoch the number of the epoch, from 1
   * @param share the share of the epoch that is done, from 0 to 1
   * @param meanReward the mean reward since the epoch began
   * @param examplesPerSecond the examples per second since the epoch began
   */
  void progress(int epoch, double share, double meanReward, double examplesPerSecond);

  /**
   * Called after each epoch.
   *
   * @param checkpoint the state after the epoch. Training goes on to change its arrays, so copy or
   *     write what you keep
   */
  void epoch(Checkpoint checkpoint);
}
