package org.grlu.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.reports.TrialStatus;
import org.grlu.sweep.ExpectedCost;

/** What trials cost that are done, told to an {@link ExpectedCost}. */
public final class PastCosts {
  private final Settings base;
  private final String dataset;
  private final ExpectedCost cost;
  private final List<String> paths;
  private int ofOtherData;

  /**
   * @param base the sweep's configuration, which holds of a row where the table lacks the column
   * @param dataset the digest of the sweep's dataset. Trials of another one, of a thirtieth of the
   *     examples, say, tell nothing of what its trials cost
   * @param cost Modified: learns
   */
  public PastCosts(Settings base, String dataset, ExpectedCost cost) {
    this.base = base;
    this.dataset = dataset;
    this.cost = cost;
    this.paths =
        base.values().keySet().stream()
            .filter(
                path ->
                    Stream.of("network.", "rule.", "training.", "dataset.train", "dataset.valid")
                        .anyMatch(path::startsWith))
            .toList();
  }

  /** What {@link #take} needs of a row. */
  List<String> columns() {
    return Stream.concat(
            Stream.of("status", "epochs_done", "cpu_seconds", "dataset_sha256"),
            paths.stream().map(RowSettings::column))
        .toList();
  }

  /** Learns from a trial's row. */
  void take(Map<String, Object> row) {
    if (TrialStatus.of(row.get("status")) != TrialStatus.DONE) {
      return;
    }
    if (!dataset.equals(row.get("dataset_sha256"))) {
      ofOtherData++;
    } else {
      cost.tookSeconds(
          settings(row), (int) row.get("epochs_done"), (double) row.get("cpu_seconds"));
    }
  }

  private Settings settings(Map<String, Object> row) {
    Map<String, Object> values = new HashMap<>();
    for (String path : paths) {
      Object value = row.get(RowSettings.column(path));
      if (value != null) {
        values.put(path, value);
      }
    }
    return base.with(values);
  }

  /** Trials that are done, and that no costs were learnt from, since their dataset is another. */
  public int ofOtherData() {
    return ofOtherData;
  }
}
