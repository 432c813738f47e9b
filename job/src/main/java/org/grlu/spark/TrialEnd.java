package org.grlu.spark;

import java.io.Serializable;

/**
 * What became of a {@link TrialWork}.
 *
 * @param id of the trial
 * @param outcome with a checkpoint's file as its model where the trial has more epochs to come
 * @param seconds that it took, by the clock
 * @param cpuSeconds of its thread
 */
record TrialEnd(String id, TrialOutcome outcome, double seconds, double cpuSeconds)
    implements Serializable {}
