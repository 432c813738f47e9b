package org.grlu.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a setting's estimates stood to the gradient after an epoch: means over seeds, by layer.
 *
 * @param example of one example's estimate; null in a layer's place where no seed has it
 * @param mean of the mean estimate; the same
 */
record AlignmentPoint(int epoch, List<Double> example, List<Double> mean) {
  private static final String EXAMPLE = "alignment_example";
  private static final String MEAN = "alignment_mean";

  /** The points of each setting that has any, by its id. */
  static Map<String, List<AlignmentPoint>> curves(Table epochs, List<SettingResult> settings)
      throws IOException {
    Map<String, String> settingOf = new HashMap<>();
    for (SettingResult setting : settings) {
      setting.trials().forEach(trial -> settingOf.put(trial.id(), setting.id()));
    }
    // setting, epoch, trial: a trial's epoch counts once, whatever was committed twice
    Map<String, Map<Integer, Map<String, Map<String, Object>>>> rows = new HashMap<>();
    for (Map<String, Object> row :
        epochs.read(
            each -> each.get(EXAMPLE) != null && settingOf.containsKey(each.get("trial_id")),
            "trial_id",
            "epoch",
            EXAMPLE,
            MEAN)) {
      rows.computeIfAbsent(settingOf.get(row.get("trial_id")), id -> new TreeMap<>())
          .computeIfAbsent((Integer) row.get("epoch"), epoch -> new TreeMap<>())
          .put((String) row.get("trial_id"), row);
    }
    Map<String, List<AlignmentPoint>> curves = new LinkedHashMap<>();
    for (SettingResult setting : settings) {
      List<AlignmentPoint> points = new ArrayList<>();
      rows.getOrDefault(setting.id(), Map.of())
          .forEach(
              (epoch, seeds) ->
                  points.add(
                      new AlignmentPoint(
                          epoch, means(seeds.values(), EXAMPLE), means(seeds.values(), MEAN))));
      if (!points.isEmpty()) {
        curves.put(setting.id(), points);
      }
    }
    return curves;
  }

  private static List<Double> means(Iterable<Map<String, Object>> seeds, String column) {
    List<List<Double>> layers = new ArrayList<>();
    for (Map<String, Object> row : seeds) {
      List<?> numbers = row.get(column) instanceof List<?> list ? list : List.of();
      for (int l = 0; l < numbers.size(); l++) {
        if (layers.size() == l) {
          layers.add(new ArrayList<>());
        }
        if (!((Double) numbers.get(l)).isNaN()) {
          layers.get(l).add((Double) numbers.get(l));
        }
      }
    }
    List<Double> means = new ArrayList<>();
    for (List<Double> layer : layers) {
      double sum = layer.stream().mapToDouble(x -> x).sum();
      means.add(layer.isEmpty() ? null : (Double) (sum / layer.size()));
    }
    return means;
  }
}
