package org.grlu.sweep;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.grlu.config.Json;
import org.grlu.reports.Goal;
import org.grlu.reports.Sample;

/**
 * How a sweep stands.
 *
 * @param done trials that ended well, those that were known before among them
 * @param running trials whose tasks have begun
 * @param diverged trials that did
 * @param failed trials that did
 * @param stopped trials that wait, or stay, at a rung of halving
 * @param left trials that are to run, the running ones among them; of halving, until the next rung;
 *     of tpe, those too that are not proposed yet
 * @param best the setting that is ahead; null before any
 * @param secondsLeft at the rate seen lately; NaN where it is not known yet
 */
public record SweepProgress(
    long done,
    int running,
    long diverged,
    long failed,
    long stopped,
    long left,
    Best best,
    double secondsLeft) {

  /**
   * A setting's result so far.
   *
   * @param settingId the setting
   * @param parameters what the sweep varies of it, by path
   * @param goal that settings are ranked by first
   * @param reached of it, by the seeds that are over, at least one
   */
  public record Best(String settingId, Map<String, Object> parameters, Goal goal, Sample reached) {}

  /** By the names that files use. */
  public Map<String, Object> summary() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("done", done);
    summary.put("diverged", diverged);
    summary.put("failed", failed);
    summary.put("stopped", stopped);
    summary.put("left", left);
    if (best != null) {
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("setting", best.settingId());
      of.put("parameters", best.parameters());
      of.put("mean", best.reached().mean());
      of.put("deviation", best.reached().deviation());
      of.put("low", best.reached().low());
      of.put("high", best.reached().high());
      of.put("seeds", (long) best.reached().size());
      summary.put("best", of);
    }
    return summary;
  }

  /** Parameters as people write them: rule.perturbations = 16, rule.gate = active. */
  public static String words(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + word(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String word(Object value) {
    return value instanceof String text ? text : Json.of(value);
  }
}
