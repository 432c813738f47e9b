package org.grlu.training;

/** Is told how a trial goes, in the trial's thread. */
public interface TrialListener {
  /**
   * Called a few times a second.
   *
   * @param epoch from 1
   * @param share of the epoch that is done, 0 to 1
   * @param meanReward since the epoch began
   * @param examplesPerSecond since the epoch began
   */
  void progress(int epoch, double share, double meanReward, double examplesPerSecond);

  /** Called after each epoch; the checkpoint's weights change afterwards. */
  void epoch(Checkpoint checkpoint);
}
