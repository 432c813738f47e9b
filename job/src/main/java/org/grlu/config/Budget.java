package org.grlu.config;

/**
 * What a sweep may spend; 0 is no limit.
 *
 * @param trials that may finish
 * @param wallMinutes by the clock, of one call
 * @param coreMinutes of CPU, of one call
 * @param failures more trials than these may not fail
 * @param trialMinutes by the clock, of one trial; one that takes longer is a failed row
 * @param lostExecutors a trial whose task was lost with its executor more often is a failed row
 */
public record Budget(
    long trials,
    double wallMinutes,
    double coreMinutes,
    long failures,
    double trialMinutes,
    int lostExecutors) {}
