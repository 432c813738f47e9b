package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.grlu.config.Json;
import org.grlu.reports.Schema;
import org.grlu.reports.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps through the jar: taken up, extended, stopped, killed. */
class SweepIT {
  private static final String QUICK =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 400, validation-examples = 200 }
        network.layers = [784, 16, 10]
        training.epochs = 2
        sweep {
          parameters { rule.perturbations = [1, 2], training.learning-rate.max = [0.05] }
          seeds = 2
        }
      }
      """;

  /** Trials of half a second. */
  private static final String SLOW =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 500, validation-examples = 200 }
        network.layers = [784, 32, 10]
        training.epochs = 3
        sweep {
          parameters {
            rule.perturbations = [30, 32]
            training.learning-rate.max = [0.01, 0.02, 0.03, 0.04]
          }
          seeds = 3
        }
      }
      """;

  /** One trial that does not end, and two that do. */
  private static final String ENDLESS =
      """
      grlu {
        dataset { name = mnist-sample, train-examples = 400, validation-examples = 200 }
        network.layers = [784, 16, 10]
        training.epochs = 1
        sweep.parameters.case = [
          { name = endless, training.epochs = 1000000 }
          { name = slow, training.learning-rate.max = 0.01 }
          { name = fast, training.learning-rate.max = 0.02 }
        ]
      }
      """;

  @TempDir private Path folder;
  private Grlu grlu;

  @BeforeEach
  void configuration() throws IOException {
    grlu =
        Grlu.in(folder)
            .quick()
            .file("quick.conf", QUICK)
            .file("slow.conf", SLOW)
            .file("endless.conf", ENDLESS);
  }

  private Path sweep(String out, String name) {
    return folder.resolve(out).resolve("sweeps").resolve(name);
  }

  static Table table(Path sweep, String name) throws IOException {
    return Table.in(sweep.resolve(name).toString(), new Configuration());
  }

  static Map<String, Map<String, Object>> trials(Path sweep) throws IOException {
    Map<String, Map<String, Object>> trials = new TreeMap<>();
    for (Map<String, Object> row : table(sweep, "trials").read()) {
      assertThat(trials.put((String) row.get("trial_id"), row))
          .as("a trial is there once")
          .isNull();
    }
    return trials;
  }

  static Map<String, Object> digests(Path sweep) throws IOException {
    Map<String, Object> digests = new TreeMap<>();
    trials(sweep).forEach((id, row) -> digests.put(id, row.get("weights_sha256")));
    return digests;
  }

  @Test
  void whatIsKnownIsNotRunAgain() throws IOException, InterruptedException {
    Grlu.Result first = grlu.run("sweep", "quick.conf", "--out", "o", "--json").succeeds();
    assertThat(first.json())
        .containsEntry("status", "done")
        .containsEntry("planned", 4)
        .containsEntry("done", 4)
        .containsEntry("left", 0);
    Path sweep = sweep("o", "quick");
    assertThat(Grlu.names(sweep))
        .containsExactly(
            "epochs",
            "planned",
            "report.html",
            "report.json",
            "resolved.conf",
            "settings",
            "status.json",
            "sweep.json",
            "trials");
    assertThat(Json.read(Files.readString(sweep.resolve("status.json"))))
        .containsEntry("status", "done")
        .containsEntry("done", 4);
    Map<String, Map<String, Object>> before = trials(sweep);
    assertThat(before.values())
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("status", "done")
                    .containsEntry("sweep", "quick")
                    .containsEntry("epochs_done", 2)
                    .containsEntry("rung", null));
    assertThat(table(sweep, "trials").files()).isEqualTo(1);
    assertThat(table(sweep, "epochs").read("trial_id", "epoch")).doesNotHaveDuplicates().hasSize(8);
    assertThat(table(sweep, "settings").read("setting_id")).hasSize(2);

    grlu.run("sweep", "quick.conf", "--out", "o").succeeds();
    assertThat(trials(sweep)).isEqualTo(before);

    Grlu.Result extended =
        grlu.run("sweep", "quick.conf", "--out", "o", "--set", "sweep.seeds=3", "--json")
            .succeeds();
    assertThat(extended.err()).contains("4 trials are known, 2 are not");
    assertThat(extended.json()).containsEntry("done", 6);
    assertThat(trials(sweep)).hasSize(6).containsAllEntriesOf(before);

    // what is not asked for any more stays, and is not ranked
    grlu.run(
            "sweep", "quick.conf", "--out", "o", "--set", "sweep.parameters.rule.perturbations=[2]")
        .succeeds();
    assertThat(trials(sweep)).hasSize(6);
    assertThat(table(sweep, "settings").read("rule_perturbations", "seeds"))
        .containsExactly(Map.of("rule_perturbations", 2L, "seeds", 2));
    assertThat(grlu.run("report", sweep.toString(), "--format", "markdown").succeeds().out())
        .contains(
            "The sweep's file does not ask for 4 trials of the table any more: left out here.");

    verify(sweep);
  }

  private void verify(Path sweep) throws IOException, InterruptedException {
    Grlu.Result same = grlu.run("verify", sweep.toString(), "--sample", "2", "--json").succeeds();
    assertThat(same.out()).contains("2 of 2 trials gave the same weights");
    assertThat((List<?>) same.json().get("trials")).hasSize(2);
    pageOfATrial(sweep);
    Table trials = table(sweep, "trials");
    List<Object[]> rows = new ArrayList<>();
    for (Map<String, Object> row : trials.read()) {
      Map<String, Object> changed = new LinkedHashMap<>(row);
      changed.put("weights_sha256", "0".repeat(64));
      rows.add(changed.values().toArray());
    }
    trials.replace(new Schema("trial", trials.columns()), rows);
    Grlu.Result other = grlu.run("verify", sweep.toString(), "--sample", "1");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.out().get(0)).contains("were 0000", "all epochs' metrics agree");
  }

  /** Trained again, since no weights are kept; the second time they are. */
  private void pageOfATrial(Path sweep) throws IOException, InterruptedException {
    Map<String, Object> row =
        table(sweep, "trials").read("trial_id", "status", "weights_sha256").stream()
            .filter(each -> "done".equals(each.get("status")))
            .findFirst()
            .orElseThrow();
    String id = ((String) row.get("trial_id")).substring(0, 16);
    Path page = sweep.resolve("pages").resolve(id + ".html");
    Grlu.Result first = grlu.run("report", id, "--in", sweep.toString()).succeeds();
    assertThat(first.out()).containsExactly(page.toString());
    assertThat(first.err()).anyMatch(line -> line.contains("to train it again takes about "));
    assertThat(page)
        .content()
        .contains("Trial " + id, "test images are right", (String) row.get("weights_sha256"));
    Files.delete(page);
    Grlu.Result second = grlu.run("report", id, "--in", sweep.toString()).succeeds();
    assertThat(second.err()).noneMatch(line -> line.contains("train it again"));
    assertThat(page).exists();
    Path exported = sweep.resolve("exported.npz");
    String[] export = {"export", id, "--in", sweep.toString(), "--format", "npz", "--out"};
    grlu.run(
            Stream.concat(Stream.of(export), Stream.of(exported.toString())).toArray(String[]::new))
        .succeeds();
    assertThat(exported).isNotEmptyFile();
    Path index = sweep.getParent().resolveSibling("index.html");
    assertThat(index).content().contains("href=\"./sweeps/" + sweep.getFileName() + "/report.html");
  }

  @Test
  void failuresAreRowsAndOtherSweepsAreKnown() throws IOException, InterruptedException {
    String rates = "sweep.parameters.training.learning-rate.max=[0.05, 1e38]";
    Grlu.Result failed = grlu.run("sweep", "quick.conf", "--out", "o", "--set", rates, "--json");
    assertThat(failed.code()).as("%s", failed.err()).isEqualTo(3);
    assertThat(failed.json()).containsEntry("done", 4).containsEntry("diverged", 4);
    Map<String, Map<String, Object>> rows = trials(sweep("o", "quick"));
    assertThat(rows.values().stream().filter(row -> row.get("status").equals("diverged")))
        .hasSize(4)
        .allSatisfy(row -> assertThat((String) row.get("failure")).startsWith("step "));

    // the other sweep runs nothing, and its tables are complete
    Grlu.Result other =
        grlu.run("sweep", "quick.conf", "--out", "o", "--set", "sweep.name=other", "--json")
            .succeeds();
    assertThat(other.err()).contains("4 trials are known from other sweeps");
    assertThat(other.json()).containsEntry("done", 4);
    assertThat(rows).containsAllEntriesOf(trials(sweep("o", "other")));
    assertThat(table(sweep("o", "other"), "epochs").read("trial_id")).hasSize(8);

    Grlu.Result retried =
        grlu.run("sweep", "quick.conf", "--out", "o", "--set", rates, "--retry-failed");
    assertThat(retried.code()).isEqualTo(3);
    assertThat(retried.err()).contains("4 trials are known, 4 are not");
  }

  @Test
  void aSpentBudgetIsTakenUp() throws IOException, InterruptedException {
    Grlu.Result spent =
        grlu.run("sweep", "quick.conf", "--out", "o", "--set", "sweep.budget.trials=3", "--json")
            .says(5, "budget.trials = 3 is spent");
    assertThat(spent.json())
        .containsEntry("status", "stopped")
        .containsEntry("done", 3)
        .containsEntry("left", 1);
    String said = "not finished; take it up with: ";
    String line =
        spent.err().stream().filter(each -> each.startsWith(said)).findFirst().orElseThrow();
    grlu.paste(line.substring(said.length())).succeeds();
    assertThat(trials(sweep("o", "quick"))).hasSize(4);
  }

  @Test
  void oneDriverAtATimeAndAnInterruptKeepsWhatEnded() throws IOException, InterruptedException {
    Path sweep = sweep("o", "endless");
    Grlu.Result interrupted;
    try (Grlu.Running running = grlu.start("sweep", "endless.conf", "--out", "o")) {
      while (Grlu.names(sweep.resolve("trials")).isEmpty()) {
        Thread.sleep(50);
      }
      Grlu.in(folder)
          .quick()
          .run("sweep", "endless.conf", "--out", "o")
          .says(4, "is being run by process ", "heartbeat");
      assumeFalse(running.ignoresInterrupts(), "started where interrupts are ignored");
      running.interrupt();
      interrupted = running.end();
    }
    endedInOrder(interrupted, 130, sweep);
  }

  @Test
  void aTerminatedSweepEndsInOrder() throws IOException, InterruptedException {
    Path sweep = sweep("o", "endless");
    try (Grlu.Running running = grlu.start("sweep", "endless.conf", "--out", "o")) {
      while (Grlu.names(sweep.resolve("trials")).isEmpty()) {
        Thread.sleep(50);
      }
      running.terminate();
      endedInOrder(running.end(), 143, sweep);
    }
  }

  private static void endedInOrder(Grlu.Result result, int code, Path sweep) throws IOException {
    assertThat(result.code()).as("%s", result.err()).isEqualTo(code);
    assertThat(result.err())
        .noneMatch(line -> line.startsWith("\tat "))
        .filteredOn(line -> line.startsWith("not finished; take it up with: "))
        .hasSize(1);
    assertThat(Grlu.names(sweep)).doesNotContain("lock.json");
    assertThat(Json.read(Files.readString(sweep.resolve("status.json"))))
        .containsEntry("status", "stopped")
        .containsEntry("reason", "interrupted");
    assertThat(trials(sweep).size()).isBetween(1, 2);
  }

  @Test
  void threeKillsLoseNothing() throws IOException, InterruptedException {
    long start = System.nanoTime();
    grlu.run("sweep", "slow.conf", "--out", "undisturbed").succeeds();
    double seconds = (System.nanoTime() - start) * 1e-9;
    Path killed = sweep("killed", "slow");
    Random random = new Random(20_240_229);
    for (int kill = 0; kill < 3; kill++) {
      try (Grlu.Running running = grlu.start("sweep", "slow.conf", "--out", "killed")) {
        while (!Grlu.names(killed).contains("lock.json")) {
          Thread.sleep(10);
        }
        Thread.sleep((long) (1000 * seconds * 0.3 * random.nextDouble()));
        running.kill();
        assertThat(running.end().code()).as("killed").isEqualTo(137);
      }
    }
    Grlu.Result end = grlu.run("sweep", "slow.conf", "--out", "killed", "--json").succeeds();
    assertThat(end.err()).anyMatch(line -> line.startsWith("taken over from process "));
    assertThat(end.json()).containsEntry("done", 24);
    assertThat(digests(killed)).isEqualTo(digests(sweep("undisturbed", "slow")));
    assertThat(table(killed, "epochs").read("trial_id", "epoch").stream().distinct()).hasSize(72);
    assertThat(Grlu.names(killed)).doesNotContain("lock.json", "checkpoints");
  }

  @Test
  @DisplayName("killed when epochs are written and trials are not: each epoch is there once")
  void aKillBetweenEpochsAndTrialsLeavesNoEpochTwice() throws IOException, InterruptedException {
    grlu.run("sweep", "quick.conf", "--out", "undisturbed").succeeds();
    Grlu disk =
        Grlu.in(folder)
            .quick()
            .conf("spark.driver.extraClassPath=" + Grlu.HOME.resolve("job/target/test-classes"))
            .conf("spark.hadoop.fs.refusing.impl=" + RefusingFileSystem.class.getName())
            .conf("spark.hadoop.%s=%s".formatted(RefusingFileSystem.MARKER, folder.resolve("no")))
            .conf("spark.hadoop.%s=trials/.part-".formatted(RefusingFileSystem.KILLED_AT));
    String out = RefusingFileSystem.SCHEME + ":" + folder.resolve("o");
    Path sweep = sweep("o", "quick");
    Grlu.Result killed = disk.run("sweep", "quick.conf", "--out", out);
    assertThat(killed.code()).as("%s", killed.err()).isEqualTo(137);
    assertThat(trials(sweep)).isEmpty();
    assertThat(table(sweep, "epochs").read()).isNotEmpty();

    Grlu.Result end = grlu.run("sweep", "quick.conf", "--out", "o", "--json").succeeds();
    assertThat(end.json()).containsEntry("done", 4);
    assertThat(digests(sweep)).isEqualTo(digests(sweep("undisturbed", "quick")));
    assertThat(table(sweep, "epochs").read("trial_id", "epoch")).doesNotHaveDuplicates().hasSize(8);
    String[] report = {"report", sweep.toString(), "--format", "markdown"};
    assertThat(withoutCosts(grlu.run(report).succeeds()))
        .isEqualTo(
            withoutCosts(
                grlu.run(
                    "report", sweep("undisturbed", "quick").toString(), report[2], report[3])));
  }

  private static List<String> withoutCosts(Grlu.Result markdown) {
    return markdown.out().stream().map(line -> line.replaceAll("[\\d.]+ \\|$", "")).toList();
  }

  @Test
  void aFullDiskEndsTheSweepAndKeepsWhatWasCommitted() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        FaultsIT.shell("mount", "-t", "tmpfs", "-o", "size=80k", "grlu-test", disk.toString()),
        "no file system may be mounted here");
    try {
      Grlu.Result full = grlu.run("sweep", "quick.conf", "--out", "disk").says(4, "No space");
      assertThat(full.err()).anyMatch(line -> line.startsWith("not finished; take it up with: "));
      assertThat(Grlu.names(sweep("disk", "quick"))).doesNotContain("lock.json", "report.html");
      assertThat(FaultsIT.shell("mount", "-o", "remount,size=4m", disk.toString())).isTrue();
      grlu.run("sweep", "quick.conf", "--out", "disk").succeeds();
      assertThat(trials(sweep("disk", "quick"))).hasSize(4);
    } finally {
      assertThat(FaultsIT.shell("umount", disk.toString())).isTrue();
    }
  }

  /** Of the trials that reached the end: nothing is trained for them any more. */
  private void modelsAreKept(Path sweep) throws IOException, InterruptedException {
    Map<String, Map<String, Object>> done = new TreeMap<>();
    for (Map<String, Object> row : table(sweep, "trials").read()) {
      if ("done".equals(row.get("status"))) {
        done.put((String) row.get("trial_id"), row);
      }
    }
    assertThat(Grlu.names(sweep.resolve("models"))).containsExactlyElementsOf(done.keySet());
    Map<String, Object> row = done.values().iterator().next();
    String id = (String) row.get("trial_id");
    String folder = sweep.resolve("models").resolve(id).toString();
    assertThat(grlu.run("evaluate", "--model", folder, "--json").succeeds().json())
        .containsEntry("weights_sha256", row.get("weights_sha256"))
        .containsEntry("test_accuracy", row.get("test_accuracy"));
    Grlu.Result page = grlu.run("report", id.substring(0, 8), "--in", sweep.toString()).succeeds();
    assertThat(page.err()).noneMatch(line -> line.contains("train it again"));
  }

  @Test
  void halvingGoesOnFromCheckpointsToTheSameBits() throws IOException, InterruptedException {
    grlu.file(
        "halving.conf",
        """
        grlu {
          dataset { name = mnist-sample, train-examples = 400, validation-examples = 200 }
          network.layers = [784, 16, 10]
          training.epochs = 4
          sweep {
            search = halving
            settings = 4
            halving { rungs = [1, 2], factor = 2, early-seeds = 1 }
            keep-models = all
            parameters { training.learning-rate.max { log-uniform = [0.001, 0.1] } }
            seeds = 2
          }
        }
        """);
    Grlu.Result halved = grlu.run("sweep", "halving.conf", "--out", "o", "--json").succeeds();
    assertThat(halved.json())
        .containsEntry("done", 2)
        .containsEntry("stopped", 3)
        .containsEntry("left", 0);
    Path sweep = sweep("o", "halving");
    assertThat(Grlu.names(sweep)).doesNotContain("checkpoints");
    modelsAreKept(sweep);
    Map<Object, Integer> rungs = new TreeMap<>();
    table(sweep, "trials")
        .read("rung")
        .forEach(row -> rungs.merge(row.get("rung"), 1, Integer::sum));
    // one seed of 4 settings reached the first rung, of 2 the second, both seeds of one the end
    assertThat(rungs).isEqualTo(Map.of(1, 4, 2, 2, 3, 2));
    assertThat(table(sweep, "epochs").read("trial_id", "epoch"))
        .doesNotHaveDuplicates()
        .hasSize(4 + 2 + 2 + 4);
    // verify runs a finished trial without a stop
    grlu.run("verify", sweep.toString(), "--sample", "2").succeeds();
    grlu.run("sweep", "halving.conf", "--out", "o").succeeds();
    assertThat(table(sweep, "trials").read()).hasSize(8);
    assertThat(grlu.run("plan", "halving.conf", "--out", "o", "--json").succeeds().json())
        .containsEntry("known", 8)
        .containsEntry("to_run", 0);
  }
}
