package org.grlu.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds values that do not go with {@code engine.data = partitioned}. */
final class PartitionedData {
  static final String KEY = "engine.data";

  /** For each key the allowed value, or values, and the reason. */
  private static final Map<String, List<String>> NEEDED = new LinkedHashMap<>();

  static {
    needs("engine.mode", "stepped", "a trial in one task needs all examples there");
    needs(
        "training.order",
        "permutation",
        "which examples a step has then is known only after the step before it, too late for the"
            + " shuffle that an epoch begins with");
    needs("stream.kind", "iid", "streams choose examples of classes from one place");
    needs(
        "features.kind",
        "none",
        "codes are computed from all images in each place; encode writes codes that executors can"
            + " hold in parts");
    needs("network.initial", "he or zero", "data-pairs chooses examples in one place");
    needs("report.diagnostics", "none", "the driver computes gradients of examples that it holds");
    needs("dataset.transpose", "false", "images are read as they are");
  }

  private final Settings settings;

  PartitionedData(Settings settings) {
    this.settings = settings;
  }

  private static void needs(String path, String allowed, String why) {
    NEEDED.put(path, List.of(allowed, why));
  }

  /** Returns whether executors are to hold parts of the examples. */
  boolean isAsked() {
    return settings.text(KEY).equals("partitioned");
  }

  /** Returns the faults, one line each. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (!isAsked()) {
      return faults;
    }
    NEEDED.forEach(
        (path, needed) -> {
          String value = String.valueOf(settings.value(path));
          if (!List.of(needed.get(0).split(" or ", -1)).contains(value)) {
            faults.add(fault(path, value, needed.get(0), needed.get(1)));
          }
        });
    if (settings.data().areArchives()) {
      faults.add(fault("dataset.train", settings.data().train(), "Parquet", "an archive is whole"));
    }
    return faults;
  }

  private String fault(String path, String value, String allowed, String why) {
    return "%s = %s (%s): must be %s with %s = partitioned (%s): %s"
        .formatted(path, value, settings.origin(path), allowed, KEY, settings.origin(KEY), why);
  }
}
