package org.grlu.training;

import java.util.List;
import org.grlu.network.Weights;
import org.grlu.reports.TrialStatus;

/**
 * A trial's end.
 *
 * @param failure what went wrong, one line; null where nothing did
 * @param reached weights as the last epoch, or the step before the failure, left them, and the
 *     epochs that were finished
 * @param unfinished what was spent beside them
 */
public record TrialResult(TrialStatus status, String failure, Checkpoint reached, Cost unfinished) {
  public Weights weights() {
    return reached.weights();
  }

  public List<EpochMetrics> epochs() {
    return reached.epochs();
  }
}
