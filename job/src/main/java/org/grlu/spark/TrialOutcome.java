package org.grlu.spark;

import java.io.Serializable;
import java.util.List;
import org.grlu.training.EpochMetrics;
import org.grlu.training.TrialStatus;

/**
 * A trial's end, as it travels from a task to the driver.
 *
 * @param failure one line, null where nothing went wrong
 * @param model the weights as a model file; null where there are none
 * @param weightsSha256 null where there are none
 * @param kernels which ran
 * @param host where
 */
record TrialOutcome(
    TrialStatus status,
    String failure,
    byte[] model,
    String weightsSha256,
    List<EpochMetrics> epochs,
    String kernels,
    String host)
    implements Serializable {}
