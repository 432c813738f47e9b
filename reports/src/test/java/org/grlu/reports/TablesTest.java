package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Row epoch(int number, Double validation) {
    return RowFactory.create(
        Tables.VERSION,
        "id",
        number,
        0.1,
        0.2,
        -1.5,
        0.5,
        validation,
        0.25,
        new Double[] {0.5, 0.75},
        2000L,
        8000L,
        1.0,
        2.0,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void epochsReadBackAsOneFile() {
    String path = folder.resolve("a b/epochs").toString();
    Tables.write(spark, List.of(epoch(1, null), epoch(2, 0.125)), Tables.epochs(), path);
    var read = spark.read().parquet(path);
    assertThat(read.schema().fieldNames()).isEqualTo(Tables.epochs().fieldNames());
    assertThat(read.inputFiles()).hasSize(1);
    List<Row> rows = read.orderBy("epoch").collectAsList();
    assertThat(rows).hasSize(2);
    int validation = read.schema().fieldIndex("validation_accuracy");
    assertThat(rows.get(0).isNullAt(validation)).isTrue();
    assertThat(rows.get(1).getDouble(validation)).isEqualTo(0.125);
    assertThat(rows.get(0).<Double>getList(read.schema().fieldIndex("hidden_sparsity")))
        .containsExactly(0.5, 0.75);
  }

  @Test
  void aTableIsNotWrittenTwice() {
    String path = folder.resolve("epochs").toString();
    Tables.write(spark, List.of(epoch(1, null)), Tables.epochs(), path);
    assertThatThrownBy(() -> Tables.write(spark, List.of(epoch(1, null)), Tables.epochs(), path))
        .hasMessageContaining("already exists");
    assertThat(spark.read().parquet(path).count()).isEqualTo(1);
  }

  @Test
  void aTableWithoutRowsKeepsItsSchema() {
    String path = folder.resolve("none").toString();
    Tables.write(spark, List.of(), Tables.epochs(), path);
    assertThat(spark.read().parquet(path).schema().fieldNames())
        .isEqualTo(Tables.epochs().fieldNames());
  }

  @Test
  void trialsHaveTheConfigurationsColumnsInTheirOrder() {
    StructType schema =
        Tables.trials(
            List.of(
                new ConfigurationColumn("rule_perturbations", DataTypes.LongType),
                new ConfigurationColumn("rule_gate", DataTypes.StringType)));
    assertThat(schema.fieldNames())
        .containsSubsequence(
            "schema_version",
            "trial_id",
            "status",
            "failure",
            "rule_perturbations",
            "rule_gate",
            "dataset_sha256",
            "weights_sha256",
            "started_at",
            "host");
    assertThat(schema.apply("failure").nullable()).isTrue();
    assertThat(schema.apply("rule_gate").nullable()).isFalse();
  }
}
