package org.grlu.spark;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.grlu.config.Settings;
import org.grlu.reports.ConfigurationColumn;
import org.grlu.reports.Tables;
import org.grlu.training.EpochMetrics;
import org.grlu.training.StepTimes;

/** A trial's rows in the tables of {@link Tables}. */
final class RunRows {
  private RunRows() {}

  /** One typed column for each configuration value, in their order. */
  static List<ConfigurationColumn> columns(Settings settings) {
    List<ConfigurationColumn> columns = new ArrayList<>();
    settings
        .values()
        .forEach((path, value) -> columns.add(new ConfigurationColumn(name(path), type(value))));
    return columns;
  }

  private static String name(String path) {
    return path.replace('.', '_').replace('-', '_');
  }

  private static DataType type(Object value) {
    if (value instanceof List<?> list) {
      boolean wholes = !list.isEmpty() && list.get(0) instanceof Long;
      return DataTypes.createArrayType(wholes ? DataTypes.LongType : DataTypes.StringType, false);
    }
    if (value instanceof Long) {
      return DataTypes.LongType;
    }
    if (value instanceof Double) {
      return DataTypes.DoubleType;
    }
    return value instanceof Boolean ? DataTypes.BooleanType : DataTypes.StringType;
  }

  static List<Row> epochs(String trialId, List<EpochMetrics> epochs) {
    List<Row> rows = new ArrayList<>();
    for (EpochMetrics e : epochs) {
      rows.add(
          RowFactory.create(
              Tables.VERSION,
              trialId,
              e.epoch(),
              e.learningRate(),
              e.noiseScale(),
              e.meanReward(),
              nullable(e.trainAccuracy()),
              nullable(e.validationAccuracy()),
              nullable(e.testAccuracy()),
              e.hiddenSparsity().toArray(new Double[0]),
              e.examples(),
              e.forwardPasses(),
              e.cpuSeconds(),
              e.wallSeconds(),
              nullable(e.steps().step()),
              nullable(e.steps().broadcast()),
              nullable(e.steps().schedule()),
              nullable(e.steps().compute()),
              nullable(e.steps().fold()),
              nullable(e.steps().bytesPerStep())));
    }
    return rows;
  }

  static Row trial(
      String trialId,
      Settings settings,
      String datasetSha256,
      TrialOutcome outcome,
      Instant startedAt,
      String sparkVersion) {
    List<Object> values = new ArrayList<>();
    values.add(Tables.VERSION);
    values.add(trialId);
    values.add(outcome.status().word());
    values.add(outcome.failure());
    for (Map.Entry<String, Object> entry : settings.values().entrySet()) {
      values.add(entry.getValue() instanceof List<?> list ? list.toArray() : entry.getValue());
    }
    List<EpochMetrics> epochs = outcome.epochs();
    EpochMetrics last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    values.add(datasetSha256);
    values.add(epochs.size());
    values.add(last == null ? null : nullable(last.trainAccuracy()));
    values.add(last == null ? null : nullable(last.validationAccuracy()));
    values.add(last == null ? null : nullable(last.testAccuracy()));
    values.add(outcome.weightsSha256());
    values.add(epochs.stream().mapToLong(EpochMetrics::forwardPasses).sum());
    values.add(epochs.stream().mapToDouble(EpochMetrics::cpuSeconds).sum());
    values.add(epochs.stream().mapToDouble(EpochMetrics::wallSeconds).sum());
    StepTimes steps = last == null ? StepTimes.NONE : last.steps();
    values.add(nullable(steps.step()));
    values.add(nullable(steps.broadcast()));
    values.add(nullable(steps.schedule()));
    values.add(nullable(steps.compute()));
    values.add(nullable(steps.fold()));
    values.add(nullable(steps.bytesPerStep()));
    values.add(Timestamp.from(startedAt));
    values.add(Timestamp.from(Instant.now()));
    values.add(Provenance.codeVersion());
    values.add(System.getProperty("java.version"));
    values.add(sparkVersion);
    values.add(outcome.kernels());
    values.add(outcome.host());
    return RowFactory.create(values.toArray());
  }

  private static Double nullable(double x) {
    return Double.isNaN(x) ? null : (Double) x;
  }
}
