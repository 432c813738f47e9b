package org.grlu.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grlu.config.RowSettings;
import org.grlu.config.Settings;
import org.grlu.reports.Column;
import org.grlu.reports.Tables;
import org.grlu.sweep.TrialOutcome;
import org.grlu.training.Cost;
import org.grlu.training.EpochMetrics;
import org.grlu.training.StepTimes;

/** A trial's rows in the tables of {@link Tables}. */
public final class RunRows {
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
        .forEach(
            (path, value) -> columns.add(Column.optional(RowSettings.column(path), type(value))));
    return columns;
  }

  /** The configuration by path, as rows have it: null what can't change the trial's result. */
  static Map<String, Object> configuration(Settings settings) {
    Map<String, Object> values = settings.values();
    values.replaceAll((path, value) -> settings.meansSomething(path) ? value : null);
    return values;
  }

  private static Column.Type type(Object value) {
    if (value instanceof List<?> list) {
      boolean wholes = !list.isEmpty() && list.get(0) instanceof Long;
      return wholes ? Column.Type.LONGS : Column.Type.STRINGS;
    }
    if (value instanceof Long) {
      return Column.Type.LONG;
    }
    if (value instanceof Double) {
      return Column.Type.DOUBLE;
    }
    return value instanceof Boolean ? Column.Type.BOOLEAN : Column.Type.STRING;
  }

  public static List<Object[]> epochs(String trialId, List<EpochMetrics> epochs) {
    List<Object[]> rows = new ArrayList<>();
    for (EpochMetrics e : epochs) {
      rows.add(
          new Object[] {
            Tables.VERSION,
            trialId,
            e.epoch(),
            e.learningRate(),
            e.noiseScale(),
            e.meanReward(),
            nullable(e.trainAccuracy()),
            nullable(e.validationAccuracy()),
            nullable(e.testAccuracy()),
            e.hiddenSparsity(),
            e.examples(),
            e.forwardPasses(),
            e.cpuSeconds(),
            e.wallSeconds(),
            nullable(e.steps().step()),
            nullable(e.steps().broadcast()),
            nullable(e.steps().schedule()),
            nullable(e.steps().compute()),
            nullable(e.steps().fold()),
            nullable(e.steps().bytesPerStep())
          });
    }
    return rows;
  }

  public static Object[] trial(Origin origin, Settings settings, TrialOutcome outcome) {
    List<Object> values = new ArrayList<>();
    values.add(Tables.VERSION);
    values.add(origin.trialId());
    values.add(outcome.status().word());
    values.add(outcome.failure());
    values.addAll(configuration(settings).values());
    List<EpochMetrics> epochs = outcome.epochs();
    EpochMetrics last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    values.add(origin.datasetSha256());
    values.add(epochs.size());
    values.add(last == null ? null : nullable(last.trainAccuracy()));
    values.add(last == null ? null : nullable(last.validationAccuracy()));
    values.add(last == null ? null : nullable(last.testAccuracy()));
    values.add(outcome.weightsSha256());
    Cost cost = outcome.cost();
    values.addAll(List.of(cost.forwardPasses(), cost.cpuSeconds(), cost.wallSeconds()));
    StepTimes steps = last == null ? StepTimes.NONE : last.steps();
    values.add(nullable(steps.step()));
    values.add(nullable(steps.broadcast()));
    values.add(nullable(steps.schedule()));
    values.add(nullable(steps.compute()));
    values.add(nullable(steps.fold()));
    values.add(nullable(steps.bytesPerStep()));
    values.add(origin.startedAt());
    values.add(Instant.now());
    values.add(Provenance.codeVersion());
    values.add(System.getProperty("java.version"));
    values.add(origin.sparkVersion());
    values.add(outcome.kernels());
    values.add(outcome.host());
    values.add(origin.sweep());
    values.add(origin.settingId());
    values.add(origin.rung());
    return values.toArray();
  }

  private static Double nullable(double x) {
    return Double.isNaN(x) ? null : (Double) x;
  }
}
