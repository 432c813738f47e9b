package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grlu.reports.Goal;
import org.grlu.reports.SweepDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of trials that were run: two runs, put together as a sweep's folder. */
class ReportsIT {
  @TempDir private static Path folder;

  private static Grlu grlu;
  private static Map<String, Object> best;

  @BeforeAll
  static void run() throws IOException, InterruptedException {
    grlu = Grlu.in(folder).quick().file("small.conf", Grlu.SMALL);
    Map<String, Object> one = train("training.epochs=1");
    Map<String, Object> two = train("training.epochs=2");
    String by = "validation_accuracy";
    best = (double) one.get(by) > (double) two.get(by) ? one : two;
    Path sweep = Files.createDirectories(folder.resolve("runs/sweeps/two"));
    for (String table : List.of("trials", "epochs")) {
      Path to = Files.createDirectories(sweep.resolve(table));
      for (Map<String, Object> run : List.of(one, two)) {
        Path from = Path.of((String) run.get("report"), table);
        for (String name : Grlu.names(from)) {
          Files.copy(from.resolve(name), to.resolve(name));
        }
      }
    }
    SweepDescription description =
        new SweepDescription(
            "two",
            "grid",
            List.of(Goal.VALIDATION_ACCURACY),
            List.of(
                new SweepDescription.Parameter(
                    "training.epochs", "training_epochs", "linear", "[1, 2]")),
            List.of(42L),
            2,
            2,
            2,
            "mnist-sample",
            500,
            "grlu sweep two.conf",
            null,
            null);
    Files.write(sweep.resolve(SweepDescription.FILE), description.toJson());
  }

  private static Map<String, Object> train(String set) throws IOException, InterruptedException {
    return grlu.run(
            "train",
            "small.conf",
            "--set",
            set,
            "--set",
            "dataset.validation-examples=500",
            "--json")
        .succeeds()
        .json();
  }

  @Test
  void theBestConfigurationTrainsToTheSameWeights() throws IOException, InterruptedException {
    List<String> lines = grlu.run("best", "runs/sweeps/two", "--n", "1").succeeds().out();
    assertThat(lines.get(0)).isEqualTo("# sweep two, rank 1 of 2 settings");
    assertThat(lines).contains("# trial " + best.get("trial"), "  network.layers = [784,32,10]");
    Files.write(folder.resolve("best.conf"), lines);
    assertThat(grlu.run("train", "best.conf", "--out", "again", "--json").succeeds().json())
        .containsEntry("trial", best.get("trial"))
        .containsEntry("weights_sha256", best.get("weights_sha256"));
    grlu.run("best", "runs/sweeps/two", "--n", "3").saysOnly(2, "--n 3: must be 1 to 2");
    grlu.run("best", "runs").saysOnly(2, "runs: not a sweep's folder");
  }

  @Test
  void aTrialIsShownByTheStartOfItsId() throws IOException, InterruptedException {
    String id = (String) best.get("trial");
    List<String> out = grlu.run("show", id.substring(0, 8)).succeeds().out();
    assertThat(out)
        .contains("trial      " + id, "status     done")
        .containsSubsequence(
            "configuration",
            "  dataset.name = \"mnist-sample\"",
            "  network.layers = [784,32,10]",
            "costs",
            "origin",
            "  weights " + best.get("weights_sha256"),
            "keys with their defaults",
            "  rule.name = \"grlu\"");
    assertThat(out).anyMatch(line -> line.matches(" {4}1 -\\d\\.\\d{4}  .*%  .*%  .*%  #+"));
    assertThat(grlu.run("show", id, "--in", "runs/sweeps/two").succeeds().out())
        .contains("trial      " + id);
    grlu.run("show", "ffffffff").saysOnly(2, "ffffffff: ");
    grlu.run("show", "x/y").saysOnly(2, "x/y: must be a trial's id");
    grlu.run("show", id, "--in", "nowhere").saysOnly(2, "there is no such trial in nowhere");
  }

  @Test
  void theReportIsAPageOrText() throws IOException, InterruptedException {
    Path page = folder.resolve("runs/sweeps/two/report.html");
    assertThat(grlu.run("report", "runs/sweeps/two").succeeds().out())
        .containsExactly(page.toRealPath().toString());
    assertThat(Files.readString(page)).contains("<title>two: sweep</title>");
    // with the table of settings, unless a driver that runs the sweep writes it
    List<String> settings = Grlu.names(page.resolveSibling("settings"));
    assertThat(settings).hasSize(1);
    Path lock = Files.writeString(page.resolveSibling("lock.json"), "{}");
    grlu.run("report", "runs/sweeps/two").succeeds();
    assertThat(Grlu.names(page.resolveSibling("settings"))).isEqualTo(settings);
    Files.delete(lock);
    assertThat(grlu.run("report", "runs/sweeps/two", "--format", "csv").succeeds().out())
        .hasSize(3);
    assertThat(
            grlu.run("report", "runs/sweeps/two", "--format", "markdown", "--out", "two.md")
                .succeeds()
                .out())
        .containsExactly("two.md");
    assertThat(Files.readString(folder.resolve("two.md"))).startsWith("# Sweep two\n");
    grlu.run("report", "runs/sweeps/two", "--format", "pdf").saysOnly(2, "--format", "pdf");
    grlu.run("report", "nowhere").saysOnly(2, "nowhere: not a sweep's folder");
  }
}
