package org.grlu.sweep;

import java.util.Map;
import org.grlu.config.Settings;

/**
 * A trial of a sweep.
 *
 * @param trialId its identity
 * @param settingId the trial id of the same configuration without its seed
 * @param seed of weights, order and noise
 * @param parameters what this setting has of the sweep's parameters: value or variant's name by
 *     path or label; those without a meaning here are left out
 * @param settings its whole configuration, with the seed
 * @param expectedCost seconds of CPU, roughly: for the order in which trials run
 */
public record PlannedTrial(
    String trialId,
    String settingId,
    long seed,
    Map<String, Object> parameters,
    Settings settings,
    double expectedCost) {}
