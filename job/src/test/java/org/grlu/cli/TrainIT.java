package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.grlu.config.Json;
import org.grlu.reports.TestAnswers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small run, and everything that can be read of it. */
class TrainIT {
  @TempDir private static Path folder;

  private static Grlu.Result trained;
  private static Path report;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    trained =
        Grlu.in(folder)
            .file("small.conf", Grlu.SMALL)
            .run("train", "small.conf", "--out", "re ports", "--json")
            .succeeds();
    report = Path.of((String) trained.json().get("report"));
  }

  @Test
  void theTerminalShowsEpochsThenTheResultThenJson() {
    List<String> out = trained.out();
    assertThat(out).hasSize(5);
    for (int epoch = 1; epoch <= 3; epoch++) {
      assertThat(out.get(epoch - 1))
          .matches(
              "Epoch %d/3: reward -[\\d.]+, train [\\d.]+, test [\\d.]+, silent [\\d.]+, .* s"
                  .formatted(epoch));
    }
    assertThat(out.get(3)).matches("test accuracy [\\d.]+%, report in .*/report.html");
    assertThat(trained.json())
        .containsOnlyKeys(
            "trial",
            "status",
            "test_accuracy",
            "validation_accuracy",
            "weights_sha256",
            "forward_passes",
            "cpu_seconds",
            "wall_seconds",
            "report")
        .containsEntry("status", "done")
        .containsEntry("validation_accuracy", null)
        .containsEntry("forward_passes", 3 * 2000 * 2 * 2);
    assertThat(out.get(4)).startsWith("{\"trial\":");
    // neither Spark's log nor the JVM's word on its incubator
    assertThat(trained.err()).hasSize(2);
    assertThat(trained.err().get(0)).startsWith("run ");
    assertThat(trained.err().get(1)).startsWith("kernels: ");
  }

  @Test
  void theFolderHoldsTheResultsAndNothingUnfinished() throws IOException {
    assertThat(Grlu.names(folder.resolve("re ports")))
        .containsExactly(report.getFileName().toString(), "index.html");
    assertThat(Grlu.names(report))
        .containsExactly(
            "answers.json",
            "epochs",
            "model.npz",
            "report.html",
            "resolved.conf",
            "status.json",
            "trials");
    Map<String, Object> status = Json.read(Files.readString(report.resolve("status.json")));
    assertThat(status).containsAllEntriesOf(trained.json()).containsEntry("status", "done");
  }

  @Test
  void thePageIsMadeAndMadeAgainOfTheFolderAlone() throws IOException, InterruptedException {
    Path page = report.resolve("report.html");
    String html = Files.readString(page);
    assertThat(html)
        .contains("784-32-10", "What each neuron weighs at each pixel", "test, epoch 3: ")
        .contains("<td>[784,32,10]</td>", (String) trained.json().get("weights_sha256"));
    // 32 units, the legend, the hardest errors
    assertThat(html.split("data:image/png", -1)).hasSize(1 + 33 + TestAnswers.MOST);
    Files.delete(page);
    Grlu grlu = Grlu.in(folder).quick();
    Grlu.Result again = grlu.run("report", report.toString()).succeeds();
    assertThat(again.out()).containsExactly(page.toString());
    assertThat(page).hasContent(html);
    grlu.run("report", report.toString(), "--format", "csv")
        .saysOnly(2, "is one trial, of which there is no ranking");
  }

  @Test
  void anotherReaderReadsTheTables() throws SQLException {
    Map<String, Object> json = trained.json();
    assertThat(types("trials"))
        .containsEntry("schema_version", "INTEGER")
        .containsEntry("trial_id", "VARCHAR")
        .containsEntry("failure", "VARCHAR")
        .containsEntry("network_layers", "BIGINT[]")
        .containsEntry("dataset_fetch_sources", "VARCHAR[]")
        .containsEntry("rule_perturbations", "BIGINT")
        .containsEntry("rule_normalise_noise", "BOOLEAN")
        .containsEntry("training_learning_rate_max", "DOUBLE")
        .containsEntry("validation_accuracy", "DOUBLE")
        .containsEntry("started_at", "TIMESTAMP WITH TIME ZONE")
        .containsEntry("host", "VARCHAR");
    assertThat(
            query(
                "select trial_id, status, failure, network_layers, rule_perturbations,"
                    + " training_learning_rate_max, test_accuracy, validation_accuracy,"
                    + " weights_sha256, epochs_done, finished_at > started_at from "
                    + table("trials")))
        .containsExactly(
            "%s|done|null|[784, 32, 10]|2|0.1|%s|null|%s|3|true"
                .formatted(
                    json.get("trial"), json.get("test_accuracy"), json.get("weights_sha256")));
    assertThat(types("epochs"))
        .containsEntry("epoch", "INTEGER")
        .containsEntry("hidden_sparsity", "DOUBLE[]")
        .containsEntry("forward_passes", "BIGINT");
    assertThat(
            query(
                "select epoch, round(learning_rate, 6), validation_accuracy, len(hidden_sparsity), examples,"
                    + " forward_passes, test_accuracy between 0 and 1, mean_reward < 0,"
                    + " cpu_seconds > 0 and wall_seconds > 0 from "
                    + table("epochs")
                    + " order by epoch"))
        .containsExactly(
            "1|0.1|null|1|2000|8000|true|true|true",
            "2|0.075|null|1|2000|8000|true|true|true",
            "3|0.025|null|1|2000|8000|true|true|true");
  }

  private static String table(String name) {
    return "'" + report.resolve(name) + "/*.parquet'";
  }

  private static Map<String, String> types(String name) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    for (String row :
        query("select column_name, column_type from (describe from " + table(name) + ")")) {
      List<String> cells = List.of(row.split("\\|", -1));
      types.put(cells.get(0), cells.get(1));
    }
    return types;
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql)) {
      while (set.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(set.getString(i)));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }

  @Test
  void sparkReadsTheTables() throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Row trial = spark.read().parquet(report.resolve("trials").toString()).first();
      assertThat(trial.<String>getAs("weights_sha256"))
          .isEqualTo(trained.json().get("weights_sha256"));
      assertThat(trial.isNullAt(trial.fieldIndex("validation_accuracy"))).isTrue();
      assertThat(trial.<Long>getList(trial.fieldIndex("network_layers")))
          .containsExactly(784L, 32L, 10L);
      assertThat(spark.read().parquet(report.resolve("epochs").toString()).count()).isEqualTo(3);
    }
  }

  @Test
  void evaluationAgreesWithTraining() throws IOException, InterruptedException {
    String model = report.resolve("model.npz").toString();
    Grlu grlu = Grlu.in(folder).quick();
    Grlu.Result beside = grlu.run("evaluate", "--model", model, "--json").succeeds();
    assertThat(beside.err()).containsExactly("configuration: " + report.resolve("resolved.conf"));
    assertThat(beside.out()).hasSize(3);
    assertThat(beside.json())
        .containsEntry("test_accuracy", trained.json().get("test_accuracy"))
        .containsEntry("weights_sha256", trained.json().get("weights_sha256"))
        .containsEntry("images", 500);
    Path alone = Files.createDirectories(folder.resolve("alone")).resolve("model.npz");
    Files.copy(Path.of(model), alone);
    Grlu.Result set =
        grlu.run("evaluate", "--model", alone.toString(), "--set", "dataset.name=mnist-sample")
            .succeeds();
    assertThat(set.err()).containsExactly("configuration: --set");
    assertThat(set.out()).containsExactlyElementsOf(beside.out().subList(0, 2));
  }

  @Test
  void layersOfSeveralKindsAreTrainedDiagnosedAndEvaluated()
      throws IOException, InterruptedException, SQLException {
    String mixed =
        """
        grlu {
          dataset { name = mnist-sample, train-examples = 300, validation-examples = 100 }
          network.layers = [
            { convolution = 4, size = 5, stride = 3 }
            { pool = average }
            { recurrent = 12, steps = 4, shared = false }
          ]
          rule { name = learned-feedback, chained = true }
          training { epochs = 1, noise-scale.min = 0.1 }
          report.diagnostics = epoch
        }
        """;
    Grlu grlu = Grlu.in(folder).quick().file("mixed.conf", mixed);
    Grlu.Result run = grlu.run("train", "mixed.conf", "--out", "mixed", "--json").succeeds();
    Path folderOfRun = Path.of((String) run.json().get("report"));
    String model = folderOfRun.resolve("model.npz").toString();
    Grlu.Result evaluated = grlu.run("evaluate", "--model", model, "--json").succeeds();
    assertThat(evaluated.json())
        .containsEntry("test_accuracy", run.json().get("test_accuracy"))
        .containsEntry("weights_sha256", run.json().get("weights_sha256"));
    assertThat(
            query(
                "select network_layers, network_kinds from '%s/trials/*.parquet'"
                    .formatted(folderOfRun)))
        .containsExactly(
            "[784, 256, 64, 12, 10]|['convolution = 4, size = 5, stride = 3', 'pool = average',"
                + " 'recurrent = 12, steps = 4, shared = false']");
    assertThat(
            query(
                "select len(alignment_mean), coalesce(isnan(alignment_mean[2]), true),"
                    + " alignment_mean[4] > 0.9"
                    + " from '%s/epochs/*.parquet'".formatted(folderOfRun)))
        .containsExactly("4|true|true");
  }

  @Test
  void aDamagedModelIsRefusedByName() throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(report.resolve("model.npz"));
    Path damaged = folder.resolve("damaged.npz");
    Grlu grlu = Grlu.in(folder).quick();
    whole[whole.length / 2] ^= 1;
    Files.write(damaged, whole);
    grlu.run("evaluate", "--model", "damaged.npz").saysOnly(2, "--model damaged.npz: ");
    Files.write(damaged, java.util.Arrays.copyOf(whole, whole.length / 2));
    grlu.run("train", "small.conf", "--init", "damaged.npz", "--out", "none")
        .saysOnly(2, "--init damaged.npz: ");
    grlu.run("train", "small.conf", "--init", "nowhere.npz", "--out", "none")
        .saysOnly(2, "--init nowhere.npz: there is no such file");
    String model = report.resolve("model.npz").toString();
    grlu.run(
            "train",
            "small.conf",
            "--init",
            model,
            "--set",
            "network.layers=[784,16,10]",
            "--out",
            "none")
        .saysOnly(2, "--init " + model, "[784, 16, 10]");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void aRunThatIsOverIsNotTakenUp() throws IOException, InterruptedException {
    String run = report.getFileName().toString();
    List<String> before = Grlu.names(report);
    Grlu grlu = Grlu.in(folder).quick();
    grlu.run("train", "small.conf", "--out", "re ports", "--resume", run)
        .saysOnly(2, "--resume " + run, "is over, with status done");
    grlu.run("train", "small.conf", "--out", "re ports", "--resume", "nosuch")
        .saysOnly(2, "--resume nosuch: there is no such run in re ports");
    grlu.run("train", "small.conf", "--out", "re ports", "--resume", "../" + run)
        .saysOnly(2, "must be the name of a run's folder");
    assertThat(new TreeSet<>(Grlu.names(report))).containsExactlyElementsOf(before);
  }
}
