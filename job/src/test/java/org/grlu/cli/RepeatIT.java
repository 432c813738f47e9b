package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grlu.config.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One trial, however it ran: on one core or two, by either kernels, killed, interrupted. */
class RepeatIT {
  /** Epochs long enough to be killed in. */
  private static final String CONFIGURATION =
      """
      grlu {
        dataset { name = mnist-sample, validation-examples = 200 }
        network.layers = [784, 64, 10]
        rule { perturbations = 60, gate = active }
        training { epochs = 4, batch-size = 16, learning-rate.max = 0.05 }
      }
      """;

  @TempDir private static Path folder;
  private static Object digest;

  @BeforeAll
  static void undisturbed() throws IOException, InterruptedException {
    Grlu.Result result =
        Grlu.in(folder)
            .file("repeat.conf", CONFIGURATION)
            .run("train", "repeat.conf", "--json")
            .succeeds();
    digest = result.json().get("weights_sha256");
    assertThat((String) digest).hasSize(64);
    assertThat(result.json().get("validation_accuracy")).isInstanceOf(Double.class);
  }

  @Test
  void oneCoreAndScalarKernelsGiveTheSameBits() throws IOException, InterruptedException {
    Grlu.Result result =
        new Grlu(folder, Grlu.HOME.resolve("submit-scripts/grlu"))
            .master("local[1]")
            .conf("spark.driver.extraJavaOptions=-Dgrlu.kernels=scalar")
            .run("train", "repeat.conf", "--json")
            .succeeds();
    assertThat(result.err()).anyMatch(line -> line.startsWith("kernels: scalar"));
    assertThat(result.json()).containsEntry("weights_sha256", digest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"task", "stepped"})
  void aKilledRunIsTakenUpToTheSameBits(String engine) throws IOException, InterruptedException {
    String out = "killed " + engine;
    String mode = "engine.mode=" + engine;
    Path reports = folder.resolve(out);
    Grlu grlu = Grlu.in(folder);
    try (Grlu.Running running = grlu.start("train", "repeat.conf", "--out", out, "--set", mode)) {
      running.waitForLine("Epoch 2/4");
      running.kill();
    }
    String run = Grlu.names(reports).get(0);
    assertThat(Files.readString(reports.resolve("index.html"))).contains(run, "not over");
    Path report = reports.resolve(run);
    assertThat(Json.read(Files.readString(report.resolve("status.json"))))
        .containsEntry("status", "running");
    assertThat(Grlu.names(report))
        .contains("checkpoint.npz", "resolved.conf", "status.json")
        .doesNotContain("trials", "epochs", "model.npz");
    grlu.run("train", "repeat.conf", "--out", out, "--resume", run, "--set", "training.seed=7")
        .saysOnly(2, "--resume " + run + ": that run is of trial");
    if (engine.equals("task")) {
      byte[] checkpoint = Files.readAllBytes(report.resolve("checkpoint.npz"));
      Files.writeString(report.resolve("checkpoint.npz"), "no checkpoint");
      grlu.run("train", "repeat.conf", "--out", out, "--resume", run)
          .saysOnly(2, run + "/checkpoint.npz: no .npz file");
      Files.write(report.resolve("checkpoint.npz"), checkpoint);
    }
    Grlu.Result resumed =
        grlu.run("train", "repeat.conf", "--out", out, "--resume", run, "--set", mode, "--json")
            .succeeds();
    assertThat(resumed.json()).containsEntry("weights_sha256", digest);
    assertThat(resumed.out().stream().filter(line -> line.startsWith("Epoch "))).hasSize(4);
    assertThat(Grlu.names(report))
        .containsExactly(
            "answers.json",
            "epochs",
            "model.npz",
            "report.html",
            "resolved.conf",
            "status.json",
            "trials");
  }

  @ParameterizedTest
  @CsvSource({"task, 143", "stepped, 130"})
  void anInterruptedOrTerminatedRunSaysHowToTakeItUp(String engine, int code)
      throws IOException, InterruptedException {
    Grlu grlu = Grlu.in(folder);
    Grlu.Result interrupted;
    try (Grlu.Running running =
        grlu.start(
            "train",
            "repeat.conf",
            "--out",
            "it's cut " + engine + code,
            "--set",
            "report.directory=\"x y\"",
            "--set",
            "engine.mode=" + engine,
            "--json")) {
      running.waitForLine("Epoch 1/4");
      if (code == 143) {
        running.terminate();
      } else {
        assumeFalse(running.ignoresInterrupts(), "started where interrupts are ignored");
        running.interrupt();
      }
      interrupted = running.end();
    }
    assertThat(interrupted.code()).isEqualTo(code);
    String said = "not finished; take it up with: ";
    List<String> lines = interrupted.err();
    assertThat(lines).noneMatch(line -> line.startsWith("\tat ") || line.contains("unexpected"));
    assertThat(lines).filteredOn(line -> line.startsWith(said)).hasSize(1);
    String line = lines.stream().filter(l -> l.startsWith(said)).findFirst().orElseThrow();
    Grlu.Result resumed = grlu.paste(line.substring(said.length())).succeeds();
    assertThat(resumed.json()).containsEntry("weights_sha256", digest);
    assertThat(Grlu.names(folder.resolve("it's cut " + engine + code)))
        .hasSize(2)
        .endsWith("index.html");
  }

  @Test
  void aDivergingTrialIsARow() throws IOException, InterruptedException {
    Grlu.Result result =
        Grlu.in(folder)
            .file("small.conf", Grlu.SMALL)
            .quick()
            .run(
                "train",
                "small.conf",
                "--set",
                "training.learning-rate.max=1e38",
                "--json",
                "--out",
                "d");
    result.says(3, "the trial diverged: step ", ", layer ");
    assertThat(result.json()).containsEntry("status", "diverged");
    Path report = Path.of((String) result.json().get("report"));
    assertThat(Grlu.names(report))
        .containsExactly("epochs", "report.html", "resolved.conf", "status.json", "trials");
    try (var connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select status, failure, weights_sha256 from '"
                    + report.resolve("trials")
                    + "/*.parquet'")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("diverged");
      assertThat(row.getString(2)).matches("step \\d+, layer \\d+: .*");
      assertThat(row.getString(3)).isNull();
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }
}
