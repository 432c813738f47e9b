package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.grlu.reports.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reports on a file system that refuses to write any more: runs end in order and are taken up. */
@ExtendWith(Shown.class)
class StorageIT {
  /** Of {@code slow.conf}. */
  static final int TRIALS = 20;

  @TempDir private static Path shared;
  private static Map<String, Object> undisturbed;

  @TempDir private Path folder;
  private Grlu grlu;

  /** Trials of half a second. */
  private static String sweep(String... cases) {
    return """
        grlu {
          dataset { name = mnist-sample, train-examples = 500, validation-examples = 200 }
          network.layers = [784, 32, 10]
          rule.perturbations = 32
          training.epochs = 3
          sweep { name = slow, parameters.case = [%s] }
        }
        """
        .formatted(String.join(", ", cases));
  }

  private static String trial(int number) {
    return "{ name = t%d, training.learning-rate.max = %s }".formatted(number, 0.002 * number);
  }

  @BeforeAll
  static void sweepThatMayWrite() throws IOException, InterruptedException {
    configured(Grlu.in(shared).quick()).run("sweep", "slow.conf", "--out", "local").succeeds();
    undisturbed = digests(shared.resolve("local/sweeps/slow").toString());
    assertThat(undisturbed).hasSize(TRIALS);
  }

  @BeforeEach
  void configuration() throws IOException {
    grlu = configured(Grlu.in(folder).quick());
  }

  /** With the configurations of these tests: a run, a sweep, and a sweep that does not end. */
  static Grlu configured(Grlu grlu) throws IOException {
    String endless = "{ name = endless, training.epochs = 1000000 }";
    return grlu.file("small.conf", Grlu.SMALL)
        .file("held.conf", sweep(endless, trial(1), trial(2)))
        .file(
            "slow.conf",
            sweep(
                IntStream.rangeClosed(1, TRIALS)
                    .mapToObj(StorageIT::trial)
                    .toArray(String[]::new)));
  }

  /** The digests of the trials in a sweep's folder, by id. */
  static Map<String, Object> digests(String sweep) throws IOException {
    Map<String, Object> digests = new TreeMap<>();
    for (Map<String, Object> row : Table.in(sweep + "/trials", new Configuration()).read()) {
      assertThat(digests.put((String) row.get("trial_id"), row.get("weights_sha256")))
          .as("a trial is there once")
          .isNull();
    }
    return digests;
  }

  /** With the file system that refuses, from when a path with that word has been written. */
  private Grlu refusing(String after) throws IOException {
    Grlu refusing =
        configured(Grlu.in(folder).quick())
            .conf("spark.driver.extraClassPath=" + Grlu.HOME.resolve("job/target/test-classes"))
            .conf("spark.hadoop.fs.refusing.impl=" + RefusingFileSystem.class.getName())
            .conf("spark.hadoop.%s=%s".formatted(RefusingFileSystem.MARKER, marker()));
    return after == null
        ? refusing
        : refusing.conf("spark.hadoop.%s=%s".formatted(RefusingFileSystem.AFTER, after));
  }

  private Path marker() {
    return folder.resolve("marker");
  }

  private String refusingUri(String path) {
    return RefusingFileSystem.SCHEME + ":" + folder.resolve(path);
  }

  @Test
  @DisplayName(
      "7: a file system refuses in mid-sweep: exit code 4, readable, taken up to the same bits")
  void aSweepThatMayNoLongerWriteEndsAndIsTakenUp() throws IOException, InterruptedException {
    String out = refusingUri("o");
    String sweep = out + "/sweeps/slow";
    Path local = folder.resolve("o/sweeps/slow");
    Grlu.Result refused = refusing("trials/part-").run("sweep", "slow.conf", "--out", out);
    refused.says(4, RefusingFileSystem.MESSAGE);
    assertThat(refused.err())
        .filteredOn(line -> line.startsWith("not finished; take it up with: "))
        .hasSize(1);
    Map<String, Object> committed = digests(local.toString());
    assertThat(committed).isNotEmpty();
    assertThat(undisturbed).containsAllEntriesOf(committed);

    // readable while nothing may be written
    Grlu again = refusing(null);
    String first = committed.keySet().iterator().next();
    assertThat(again.run("show", first, "--in", sweep).succeeds().out())
        .contains("trial      " + first);
    assertThat(again.run("report", sweep, "--format", "csv").succeeds().out())
        .as("a heading, and the settings whose trials are there")
        .hasSizeGreaterThan(1);
    again.run("report", sweep).saysOnly(4, RefusingFileSystem.MESSAGE);
    again.run("sweep", "slow.conf", "--out", out).says(4, RefusingFileSystem.MESSAGE);
    assertThat(digests(local.toString())).isEqualTo(committed);

    Files.delete(marker());
    Grlu.Result end = again.run("sweep", "slow.conf", "--out", out, "--json").succeeds();
    assertThat(end.json()).containsEntry("done", TRIALS).containsEntry("left", 0);
    if (committed.size() < TRIALS) {
      assertThat(end.err())
          .contains(
              "%d trials are known, %d are not"
                  .formatted(committed.size(), TRIALS - committed.size()));
    }
    assertThat(digests(local.toString())).isEqualTo(undisturbed);
    assertThat(Grlu.names(local)).contains("report.html").doesNotContain("lock.json");
  }

  @Test
  @DisplayName("7: a file system refuses in mid-training: exit code 4, taken up to the same bits")
  void aTrainingThatMayNoLongerWriteEndsAndIsTakenUp() throws IOException, InterruptedException {
    Object digest =
        grlu.run("train", "small.conf", "--out", "local", "--json")
            .succeeds()
            .json()
            .get("weights_sha256");
    String out = refusingUri("o");
    Grlu.Result refused =
        refusing("status.json")
            .run("train", "small.conf", "--out", out)
            .says(4, RefusingFileSystem.MESSAGE);
    String run = Grlu.names(folder.resolve("o")).get(0);
    assertThat(refused.err()).anyMatch(line -> line.endsWith(" --resume " + run));
    assertThat(Grlu.names(folder.resolve("o").resolve(run)))
        .containsExactly("checkpoint.npz", "resolved.conf", "status.json");
    Grlu again = refusing(null);
    again
        .run("train", "small.conf", "--out", refusingUri("other"))
        .saysOnly(4, "report directory " + refusingUri("other"), RefusingFileSystem.MESSAGE);
    Files.delete(marker());
    assertThat(
            again
                .run("train", "small.conf", "--out", out, "--resume", run, "--json")
                .succeeds()
                .json())
        .containsEntry("weights_sha256", digest);
  }
}
