package org.grlu.reports;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grlu.reports.SweepDescription.Parameter;

/**
 * A trial as its row in the table of trials has it.
 *
 * @param row every column that was read, and under a parameter's own column the name of its variant
 */
record SweepTrial(Map<String, Object> row) {
  /** The columns that stand in every table, whatever was swept. */
  static final List<String> COLUMNS =
      List.of(
          "trial_id",
          "setting_id",
          "training_seed",
          "status",
          "failure",
          "epochs_done",
          "train_accuracy",
          "validation_accuracy",
          "test_accuracy",
          "forward_passes",
          "cpu_seconds",
          "wall_seconds",
          "started_at",
          "finished_at",
          "code_version",
          "java_version",
          "spark_version",
          "kernels",
          "host",
          "sweep",
          "features_seen",
          "prequential_accuracy",
          "validation_average_accuracy",
          "validation_backward_transfer",
          "validation_forgetting",
          "validation_learning_accuracy",
          "average_accuracy",
          "backward_transfer",
          "forgetting",
          "learning_accuracy",
          SettingResult.COSINE);

  static List<SweepTrial> read(Table table, List<Parameter> parameters, Meanings meanings)
      throws IOException {
    Set<String> columns = new LinkedHashSet<>(COLUMNS);
    columns.addAll(meanings.deciding());
    parameters.forEach(parameter -> columns.addAll(parameter.columns()));
    List<SweepTrial> rows = new ArrayList<>();
    for (Map<String, Object> row : table.read(columns.toArray(String[]::new))) {
      rows.add(new SweepTrial(row));
    }
    List<SweepTrial> trials = List.copyOf(once(rows));
    trials.forEach(trial -> trial.forget(meanings));
    for (Parameter parameter : parameters) {
      if (parameter.variants() != null) {
        Variants variants = new Variants(parameter.variants());
        trials.forEach(trial -> trial.row.put(parameter.column(), variants.name(trial.row)));
      }
    }
    return trials;
  }

  /** Drops the values that can't change the trial's result. */
  private void forget(Meanings meanings) {
    Map<String, Object> all = new LinkedHashMap<>(row);
    row.replaceAll((column, value) -> meanings.meansSomething(column, all) ? value : null);
  }

  /** Each trial once: of its rows, in the order of writing, the one that counts. */
  static Collection<SweepTrial> once(List<SweepTrial> rows) {
    Map<String, SweepTrial> trials = new LinkedHashMap<>();
    rows.forEach(row -> trials.merge(row.id(), row, (a, b) -> b.end().replaces(a.end()) ? b : a));
    return trials.values();
  }

  private RecordedEnd end() {
    return RecordedEnd.of(row, List.of());
  }

  String id() {
    return (String) row.get("trial_id");
  }

  /** The same for all seeds; a trial of a table without settings is one by itself. */
  String settingId() {
    Object id = row.get("setting_id");
    return id == null ? id() : (String) id;
  }

  long seed() {
    Object seed = row.get("training_seed");
    return seed == null ? 0 : (long) seed;
  }

  TrialStatus status() {
    return TrialStatus.of(row.get("status"));
  }

  /** Whether it has results that count: it is over, or waits at a rung. */
  boolean measured() {
    return end().measured();
  }

  int epochs() {
    return (int) row.get("epochs_done");
  }

  /** A number, null where there is none. */
  Double number(String column) {
    return row.get(column) instanceof Number x ? (Double) x.doubleValue() : null;
  }

  Instant time(String column) {
    return (Instant) row.get(column);
  }

  String text(String column) {
    Object value = row.get(column);
    return value == null ? "" : value.toString();
  }
}
