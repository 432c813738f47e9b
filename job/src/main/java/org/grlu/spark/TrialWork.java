package org.grlu.spark;

import java.io.Serializable;
import org.grlu.training.TrialSettings;

/**
 * A trial, or some epochs of one, as it travels to a task.
 *
 * @param id of the trial
 * @param checkpoint a checkpoint's file to go on from; null for the weights that the seed gives
 * @param until the last epoch to train
 * @param maxMinutes that this may take, by the clock; 0 for any
 * @param withModel whether the weights come back where the trial is done
 */
public record TrialWork(
    String id,
    TrialSettings settings,
    byte[] checkpoint,
    int until,
    double maxMinutes,
    boolean withModel)
    implements Serializable {

  /** Whose weights are of no use when it is done. */
  public TrialWork(
      String id, TrialSettings settings, byte[] checkpoint, int until, double maxMinutes) {
    this(id, settings, checkpoint, until, maxMinutes, false);
  }
}
