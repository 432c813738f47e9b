package org.grlu.sweep;

import java.util.HashMap;
import java.util.Map;
import org.grlu.config.Settings;
import org.grlu.datasets.Dataset;

/** A dataset's cuts, each made once: trials that are cut alike share a broadcast. */
public final class DatasetCuts {
  private final Dataset uncut;
  private final Map<String, Dataset> cuts = new HashMap<>();

  public DatasetCuts(Dataset uncut) {
    this.uncut = uncut;
  }

  /** The dataset as a trial sees it. */
  public Dataset of(Settings settings) {
    int train = settings.trainExamples();
    int validation = settings.validationExamples();
    return cuts.computeIfAbsent(train + "/" + validation, cut -> uncut.cut(train, validation));
  }
}
