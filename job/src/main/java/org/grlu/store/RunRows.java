package org.grlu.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.reports.Column;
import org.grlu.reports.RunFolder;
import org.grlu.reports.Schema;
import org.grlu.reports.Tables;
import org.grlu.rule.Key;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetric;
import org.grlu.training.EpochMetrics;
import org.grlu.training.ExampleStream;
import org.grlu.training.OwnMetric;

/** A trial's rows in the tables of {@link Tables}. */
public final class RunRows {
  /** Which metrics of someone's own there were. */
  private static final String METRICS = "metrics";

  private RunRows() {}

  /**
   * Where a trial belongs.
   *
   * @param settingId the trial's id without its seed
   * @param sweep its name; null for a run of one trial
   * @param rung that it reached; null unless by halving
   */
  public record Origin(
      String trialId,
      String settingId,
      String datasetSha256,
      String sweep,
      Integer rung,
      Instant startedAt,
      String sparkVersion) {}

  /** One typed column for each configuration key, in their order. */
  public static List<Column> columns(Settings settings) {
    List<Column> columns = new ArrayList<>();
    settings
        .values()
        .keySet()
        .forEach(
            path ->
                columns.add(Column.optional(RowSettings.column(path), type(settings.type(path)))));
    return columns;
  }

  /** The configuration by path, as rows have it: null what can't change the trial's result. */
  static Map<String, Object> configuration(Settings settings) {
    Map<String, Object> values = settings.values();
    values.replaceAll((path, value) -> settings.meansSomething(path) ? value : null);
    return values;
  }

  private static Column.Type type(Key.Type type) {
    return switch (type) {
      case WHOLE -> Column.Type.LONG;
      case NUMBER -> Column.Type.DOUBLE;
      case FLAG -> Column.Type.BOOLEAN;
      case STRING -> Column.Type.STRING;
      case WHOLES, LAYERS -> Column.Type.LONGS;
      case STRINGS -> Column.Type.STRINGS;
    };
  }

  /** The table of epochs: which trial's, and every metric. */
  public static Schema epochSchema() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.required("schema_version", Column.Type.INT));
    columns.add(Column.required("trial_id", Column.Type.STRING));
    EpochMetric.all().forEach(metric -> columns.add(column(metric)));
    return new Schema(Tables.epochs().name(), columns);
  }

  /**
   * The table of trials. Metrics of someone's own stand at its end, and after them which they are,
   * a line each; no other result hangs on them.
   */
  public static Schema trialSchema(Settings settings) {
    Schema known = Tables.trials(columns(settings));
    Set<String> names = known.columns().stream().map(Column::name).collect(Collectors.toSet());
    List<Column> columns = new ArrayList<>(known.columns());
    for (EpochMetric metric : EpochMetric.all()) {
      if (metric.ofTrial() && names.add(metric.name())) {
        columns.add(column(metric));
      }
    }
    if (!OwnMetric.found().isEmpty()) {
      columns.add(Column.optional(METRICS, Column.Type.STRINGS));
    }
    return new Schema(known.name(), columns);
  }

  private static Column column(EpochMetric metric) {
    Column.Type type =
        switch (metric.type()) {
          case INT -> Column.Type.INT;
          case LONG -> Column.Type.LONG;
          case DOUBLE -> Column.Type.DOUBLE;
          case OF_HIDDEN_LAYERS, OF_LAYERS, OF_TASKS -> Column.Type.DOUBLES;
        };
    return new Column(metric.name(), type, metric.required());
  }

  /**
   * The tables that hold more of a trial than its row, by their names. What is of a trial is
   * written to them first: its row means that it is there.
   */
  public static Map<String, Schema> besideSchemas() {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    schemas.put(RunFolder.EPOCHS, epochSchema());
    schemas.put(RunFolder.TASKS, Tables.tasks());
    return schemas;
  }

  /** Rows of {@link #besideSchemas}, by the table's name; of those tables that the trial is in. */
  public static Map<String, List<Object[]>> beside(
      String trialId, ExampleStream stream, List<EpochMetrics> epochs) {
    Map<String, List<Object[]>> rows = new LinkedHashMap<>();
    rows.put(RunFolder.EPOCHS, epochs(trialId, epochs));
    if (stream.hasTasks()) {
      rows.put(RunFolder.TASKS, tasks(trialId, stream, epochs));
    }
    return rows;
  }

  /** Of each epoch that ends a task a row for each task. */
  private static List<Object[]> tasks(
      String trialId, ExampleStream stream, List<EpochMetrics> epochs) {
    List<Object[]> rows = new ArrayList<>();
    for (EpochMetrics epoch : epochs) {
      if (epoch.epoch() % stream.passes() == 0) {
        int after = stream.task(epoch.epoch() - 1) + 1;
        for (int on = 1; on <= stream.tasks(); on++) {
          rows.add(
              new Object[] {
                Tables.VERSION,
                trialId,
                after,
                on,
                ofTask(epoch.taskAccuracies(), on),
                ofTask(epoch.taskValidationAccuracies(), on)
              });
        }
      }
    }
    return rows;
  }

  private static Double ofTask(List<Double> accuracies, int task) {
    Double accuracy = accuracies.get(task - 1);
    return accuracy.isNaN() ? null : accuracy;
  }

  /** Rows of {@link #epochSchema}. */
  public static List<Object[]> epochs(String trialId, List<EpochMetrics> epochs) {
    List<EpochMetric> metrics = EpochMetric.all();
    List<Object[]> rows = new ArrayList<>();
    for (EpochMetrics epoch : epochs) {
      List<Object> row = new ArrayList<>(List.of(Tables.VERSION, trialId));
      metrics.forEach(metric -> row.add(metric.cell(epoch)));
      rows.add(row.toArray());
    }
    return rows;
  }

  /** A row of {@link #trialSchema}. */
  public static Object[] trial(Origin origin, Settings settings, TrialOutcome outcome) {
    Map<String, Object> row = new HashMap<>();
    row.put("schema_version", Tables.VERSION);
    row.put("trial_id", origin.trialId());
    row.put("status", outcome.status().word());
    row.put("failure", outcome.failure());
    configuration(settings).forEach((path, value) -> row.put(RowSettings.column(path), value));
    row.put("dataset_sha256", origin.datasetSha256());
    row.put("epochs_done", outcome.epochs().size());
    if (!outcome.epochs().isEmpty()) {
      EpochMetrics last = outcome.epochs().get(outcome.epochs().size() - 1);
      EpochMetric.all().stream()
          .filter(EpochMetric::ofTrial)
          .forEach(metric -> row.put(metric.name(), metric.cell(last)));
    }
    row.put("weights_sha256", outcome.weightsSha256());
    Cost cost = outcome.cost();
    row.put("forward_passes", cost.forwardPasses());
    row.put("cpu_seconds", cost.cpuSeconds());
    row.put("wall_seconds", cost.wallSeconds());
    row.put("started_at", origin.startedAt());
    row.put("finished_at", Instant.now());
    row.put("code_version", Provenance.codeVersion());
    row.put("java_version", System.getProperty("java.version"));
    row.put("spark_version", origin.sparkVersion());
    row.put("kernels", outcome.kernels());
    row.put("host", outcome.host());
    row.put("sweep", origin.sweep());
    row.put("setting_id", origin.settingId());
    row.put("rung", origin.rung());
    row.put("rule_version", settings.rule().version());
    if (settings.features().isPresent()) {
      row.put("features_id", settings.featuresIdentity(origin.datasetSha256()).id());
      row.put("features_seen", settings.seen().words());
    }
    row.put(METRICS, OwnMetric.found().stream().map(OwnMetric::source).toList());
    return trialSchema(settings).columns().stream().map(each -> row.get(each.name())).toArray();
  }
}
