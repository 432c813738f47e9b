package org.grlu.training;

import java.util.List;
import org.grlu.network.Weights;
import org.grlu.reports.TrialStatus;

/**
 * A trial's end.
 *
 * @param failure what went wrong, one line; null where nothing did
 * @param weights as the last epoch, or the step before the failure, left them
 * @param epochs those that were finished
 * @param unfinished what was spent beside them
 */
public record TrialResult(
    TrialStatus status,
    String failure,
    Weights weights,
    List<EpochMetrics> epochs,
    Cost unfinished) {}
