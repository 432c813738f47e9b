package org.grlu.reports;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables' schemas, and writing and reading them as Parquet. Columns are only ever added;
 * {@value #VERSION} goes up with each addition and stands in the column schema_version.
 */
public final class Tables {
  /** The schemas' version. */
  public static final int VERSION = 1;

  /** Medians over the (last) epoch's steps under the stepped engine, else null. */
  private static final StructField[] STEPS = {
    optional("step_millis", DoubleType),
    optional("broadcast_millis", DoubleType),
    optional("schedule_millis", DoubleType),
    optional("compute_millis", DoubleType),
    optional("fold_millis", DoubleType),
    optional("bytes_per_step", DoubleType)
  };

  private Tables() {}

  /**
   * One row for each finished epoch of a trial. Accuracies are shares of 1, null where there is no
   * such set; costs are the epoch's own.
   */
  public static StructType epochs() {
    return schema(
        List.of(
            required("schema_version", IntegerType),
            required("trial_id", StringType),
            required("epoch", IntegerType),
            required("learning_rate", DoubleType),
            required("noise_scale", DoubleType),
            required("mean_reward", DoubleType),
            optional("train_accuracy", DoubleType),
            optional("validation_accuracy", DoubleType),
            optional("test_accuracy", DoubleType),
            required("hidden_sparsity", DataTypes.createArrayType(DoubleType, false)),
            required("examples", LongType),
            required("forward_passes", LongType),
            required("cpu_seconds", DoubleType),
            required("wall_seconds", DoubleType),
            STEPS[0],
            STEPS[1],
            STEPS[2],
            STEPS[3],
            STEPS[4],
            STEPS[5]));
  }

  /** One row a trial: how it ended, its configuration, its last epoch, its cost and origin. */
  public static StructType trials(List<ConfigurationColumn> configuration) {
    List<StructField> fields = new ArrayList<>();
    fields.add(required("schema_version", IntegerType));
    fields.add(required("trial_id", StringType));
    fields.add(required("status", StringType));
    fields.add(optional("failure", StringType));
    configuration.forEach(column -> fields.add(required(column.name(), column.type())));
    fields.add(required("dataset_sha256", StringType));
    fields.add(required("epochs_done", IntegerType));
    fields.add(optional("train_accuracy", DoubleType));
    fields.add(optional("validation_accuracy", DoubleType));
    fields.add(optional("test_accuracy", DoubleType));
    fields.add(optional("weights_sha256", StringType));
    fields.add(required("forward_passes", LongType));
    fields.add(required("cpu_seconds", DoubleType));
    fields.add(required("wall_seconds", DoubleType));
    fields.addAll(List.of(STEPS));
    fields.add(required("started_at", TimestampType));
    fields.add(required("finished_at", TimestampType));
    fields.add(required("code_version", StringType));
    fields.add(required("java_version", StringType));
    fields.add(required("spark_version", StringType));
    fields.add(required("kernels", StringType));
    fields.add(required("host", StringType));
    return schema(fields);
  }

  private static StructType schema(List<StructField> fields) {
    return DataTypes.createStructType(fields);
  }

  private static StructField required(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  private static StructField optional(String name, DataType type) {
    return DataTypes.createStructField(name, type, true);
  }

  /** Writes rows as one Parquet file in a folder of its own, which must not be there yet. */
  public static void write(SparkSession spark, List<Row> rows, StructType schema, String folder) {
    // Spark's default is INT96, which says neither that it is UTC nor sorts in other readers
    spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .parquet(folder);
  }
}
