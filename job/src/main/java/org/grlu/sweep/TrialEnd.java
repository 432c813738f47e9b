package org.grlu.sweep;

import java.io.Serializable;

/**
 * What became of a piece of work that a task had.
 *
 * @param id of the trial
 * @param outcome with a checkpoint's file as its model where the trial has more epochs to come, and
 *     with the weights' where it is done and they were asked for
 * @param outOfMemory whether it failed for want of memory, which trials beside it in its JVM may
 *     have taken
 * @param seconds that it took, by the clock
 * @param cpuSeconds of its thread
 */
public record TrialEnd(
    String id, TrialOutcome outcome, boolean outOfMemory, double seconds, double cpuSeconds)
    implements Serializable {}
