package org.grlu.config;

/**
 * The limits of a sweep. A limit of 0 means no limit, except for {@code lostExecutors}. The first
 * four end the sweep; the others turn one trial into a failed row.
 *
 * @param trials the number of trials that one call may start
 * @param wallMinutes the elapsed time of one call, in minutes
 * @param coreMinutes the CPU time of one call, in minutes
 * @param failures the number of trials that may fail or diverge
 * @param trialMinutes the elapsed time of one trial, in minutes
 * @param lostExecutors how often a trial's task may be lost with its executor
 */
public record Budget(
    long trials,
    double wallMinutes,
    double coreMinutes,
    long failures,
    double trialMinutes,
    int lostExecutors) {}
