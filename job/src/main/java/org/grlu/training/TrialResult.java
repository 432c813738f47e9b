package org.grlu.training;

import java.util.List;
import org.grlu.network.Weights;
import org.grlu.reports.TrialStatus;

/**
 * The result of a trial.
 *
 * @param status how the trial ended
 * @param failure one line that says what went wrong; null where nothing did
 * @param reached the finished epochs, and the weights at the end. Weights of a diverged trial are
 *     those before the failed step, or are not finite themselves
 * @param unfinished the cost since the last finished epoch; none unless the trial diverged
 */
public record TrialResult(TrialStatus status, String failure, Checkpoint reached, Cost unfinished) {
  /** Returns the weights that the trial reached. */
  public Weights weights() {
    return reached.weights();
  }

  /** Returns the metrics of the finished epochs. */
  public List<EpochMetrics> epochs() {
    return reached.epochs();
  }
}
