package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables as Spark SQL reads them. */
@Tag("slow")
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

  private static Object[] epoch(int number, Double validation) {
    return new Object[] {
      Tables.VERSION,
      "id",
      number,
      0.1,
      0.2,
      -1.5,
      0.5,
      validation,
      0.25,
      List.of(0.5, 0.75),
      2000L,
      8000L,
      1.0,
      2.0,
      null,
      null,
      null,
      null,
      null,
      null,
      List.of(0.25, Double.NaN),
      null,
      null,
      null,
      null,
      null,
      null,
      0.5,
      0.75,
      null,
      null,
      1.0,
      null,
      0.5,
      List.of(0.5, 1.0),
      List.of(Double.NaN, Double.NaN),
      0.25,
      0.5,
      -0.25,
      0.25,
      0.75
    };
  }

  private Dataset<Row> written(Schema schema, List<Object[]> rows) throws Exception {
    String path = folder.resolve("a b/table").toString();
    Table.in(path, new Configuration()).append(schema, rows);
    return spark.read().parquet(path);
  }

  private static String[] names(Schema schema) {
    return schema.columns().stream().map(Column::name).toArray(String[]::new);
  }

  @Test
  void epochsReadBackAsOneFile() throws Exception {
    Dataset<Row> read = written(Tables.epochs(), List.of(epoch(1, null), epoch(2, 0.125)));
    assertThat(read.schema().fieldNames()).isEqualTo(names(Tables.epochs()));
    assertThat(read.inputFiles()).hasSize(1);
    List<Row> rows = read.orderBy("epoch").collectAsList();
    assertThat(rows).hasSize(2);
    int validation = read.schema().fieldIndex("validation_accuracy");
    assertThat(rows.get(0).isNullAt(validation)).isTrue();
    assertThat(rows.get(1).getDouble(validation)).isEqualTo(0.125);
    assertThat(rows.get(0).<Double>getList(read.schema().fieldIndex("hidden_sparsity")))
        .containsExactly(0.5, 0.75);
    assertThat(rows.get(0).<Double>getList(read.schema().fieldIndex("alignment_example")))
        .containsExactly(0.25, Double.NaN);
    assertThat(rows.get(0).isNullAt(read.schema().fieldIndex("alignment_mean"))).isTrue();
  }

  @Test
  void aTableWithoutRowsKeepsItsSchema() throws Exception {
    Dataset<Row> read = written(Tables.epochs(), List.of());
    assertThat(read.schema().fieldNames()).isEqualTo(names(Tables.epochs()));
    assertThat(read.count()).isZero();
  }

  @Test
  void everyTypeIsWhatSparkCallsIt() throws Exception {
    List<Column> columns =
        Arrays.stream(Column.Type.values())
            .map(type -> Column.optional(type.name().toLowerCase(java.util.Locale.ROOT), type))
            .toList();
    Instant time = Instant.parse("2026-01-02T03:04:05.678901Z");
    Object[] full = {
      7, 1L << 40, 0.1, "\u00e9\n", true, time, List.of(1L, 2L), List.of(0.5), List.of("a", "")
    };
    Dataset<Row> read =
        written(new Schema("row", columns), List.<Object[]>of(full, new Object[full.length]));
    assertThat(Arrays.stream(read.schema().fields()).map(field -> field.dataType().sql()))
        .containsExactly(
            DataTypes.IntegerType.sql(),
            DataTypes.LongType.sql(),
            DataTypes.DoubleType.sql(),
            DataTypes.StringType.sql(),
            DataTypes.BooleanType.sql(),
            DataTypes.TimestampType.sql(),
            "ARRAY<BIGINT>",
            "ARRAY<DOUBLE>",
            "ARRAY<STRING>");
    Row row = read.filter("int is not null").first();
    assertThat(row.getInt(0)).isEqualTo(7);
    assertThat(row.getLong(1)).isEqualTo(1L << 40);
    assertThat(row.getDouble(2)).isEqualTo(0.1);
    assertThat(row.getString(3)).isEqualTo("\u00e9\n");
    assertThat(row.getBoolean(4)).isTrue();
    assertThat(row.getTimestamp(5)).isEqualTo(Timestamp.from(time));
    assertThat(row.<Long>getList(6)).containsExactly(1L, 2L);
    assertThat(row.<Double>getList(7)).containsExactly(0.5);
    assertThat(row.<String>getList(8)).containsExactly("a", "");
    Row empty = read.filter("int is null").first();
    for (int i = 0; i < full.length; i++) {
      assertThat(empty.isNullAt(i)).isTrue();
    }
  }

  @Test
  void whatSparkWroteIsReadToo() throws Exception {
    String path = folder.resolve("old").toString();
    spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    spark
        .sql(
            "select 1 as i, 2L as l, 0.5D as d, 's' as s, true as b, timestamp_micros(5) as t,"
                + " array(3L) as ll, array('x') as ss, cast(null as string) as n")
        .coalesce(1)
        .write()
        .parquet(path);
    assertThat(Table.in(path, new Configuration()).read())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.values())
                    .containsExactly(
                        1,
                        2L,
                        0.5,
                        "s",
                        true,
                        Instant.ofEpochSecond(0, 5000),
                        List.of(3L),
                        List.of("x"),
                        null));
  }

  @Test
  void trialsHaveTheConfigurationsColumnsInTheirOrder() {
    Schema schema =
        Tables.trials(
            List.of(
                Column.required("rule_perturbations", Column.Type.LONG),
                Column.required("rule_gate", Column.Type.STRING)));
    assertThat(names(schema))
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
            "host",
            "sweep",
            "setting_id",
            "rung",
            "rule_version");
    assertThat(schema.columns())
        .contains(
            Column.optional("failure", Column.Type.STRING),
            Column.required("rule_gate", Column.Type.STRING));
  }
}
