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
 * @param setting the configuration that it shares with those of other seeds, in which the seed is
 *     the file's: a plan may have a million trials
 * @param expectedCost seconds of CPU, roughly: for the order in which trials run
 */
public record PlannedTrial(
    String trialId,
    String settingId,
    long seed,
    Map<String, Object> parameters,
    Settings setting,
    double expectedCost) {

  /** Its whole configuration, with the seed; made anew at each call. */
  public Settings settings() {
    return setting.with(Map.of("training.seed", seed));
  }

  /** Epochs of the whole trial. */
  public int epochs() {
    return setting.epochs();
  }

  /** By the id alone, of which there is one in a plan. */
  @Override
  public int hashCode() {
    return trialId.hashCode();
  }
}
