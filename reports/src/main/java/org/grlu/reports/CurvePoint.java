package org.grlu.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the seeds of a setting reached after an epoch.
 *
 * @param values of the trials, in the order of their ids
 */
record CurvePoint(int epoch, Sample sample, List<Double> values) {

  /** The curve of each setting, by its id; of those that have epochs. */
  static Map<String, List<CurvePoint>> curves(
      Table epochs, List<SettingResult> settings, String accuracy) throws IOException {
    Map<String, String> settingOf = new HashMap<>();
    for (SettingResult setting : settings) {
      setting.trials().forEach(trial -> settingOf.put(trial.id(), setting.id()));
    }
    // setting, epoch, trial: a trial's epoch counts once, whatever was committed twice
    Map<String, Map<Integer, Map<String, Double>>> values = new LinkedHashMap<>();
    for (Map<String, Object> row :
        epochs.read(
            each -> each.get(accuracy) != null && settingOf.containsKey(trial(each)),
            "trial_id",
            "epoch",
            accuracy)) {
      values
          .computeIfAbsent(settingOf.get(trial(row)), id -> new TreeMap<>())
          .computeIfAbsent((Integer) row.get("epoch"), epoch -> new TreeMap<>())
          .put(trial(row), (Double) row.get(accuracy));
    }
    Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
    for (SettingResult setting : settings) {
      List<CurvePoint> points = new ArrayList<>();
      values
          .getOrDefault(setting.id(), Map.of())
          .forEach((epoch, byTrial) -> points.add(point(epoch, byTrial)));
      if (!points.isEmpty()) {
        curves.put(setting.id(), points);
      }
    }
    return curves;
  }

  private static String trial(Map<String, Object> row) {
    return (String) row.get("trial_id");
  }

  private static CurvePoint point(int epoch, Map<String, Double> byTrial) {
    List<Double> values = List.copyOf(byTrial.values());
    double[] shares = values.stream().mapToDouble(Double::doubleValue).toArray();
    return new CurvePoint(epoch, Sample.ofShares(shares), values);
  }
}
