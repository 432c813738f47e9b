package org.grlu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sweeps that version 0.1 wrote are opened, extended and reported by the code of today. Its rules
 * had another version, so that none of its trials is one of today's: their rows stay, unranked.
 */
class OlderSweepsIT {
  private static final Path OLDER = Path.of("src/test/resources/org/grlu/cli/older");

  @TempDir private Path folder;
  private Grlu grlu;

  @BeforeEach
  void copies() throws IOException {
    grlu = Grlu.in(folder).quick();
    try (Stream<Path> files = Files.walk(OLDER)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve("o").resolve(OLDER.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private Path sweep(String name) {
    return folder.resolve("o/sweeps").resolve(name);
  }

  private Grlu.Result extend(String name, int seeds) throws IOException, InterruptedException {
    return grlu.run(
            "sweep", "o/" + name + ".conf", "--out", "o", "--set", "sweep.seeds=" + seeds, "--json")
        .succeeds();
  }

  @Test
  void aGridOfBothRulesGetsAnotherSeed() throws IOException, InterruptedException {
    Map<String, Map<String, Object>> before = SweepIT.trials(sweep("mixed"));
    assertThat(before).hasSize(6);
    assertThat(before.values())
        .extracting(row -> row.get("rule_name"))
        .containsOnly("grlu", "backprop");

    Grlu.Result extended = extend("mixed", 3);
    assertThat(extended.err())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("6 trials of its table are by another version of a rule"));
    assertThat(extended.json()).containsEntry("done", 9).containsEntry("left", 0);
    Map<String, Map<String, Object>> after = SweepIT.trials(sweep("mixed"));
    assertThat(after).hasSize(15);
    kept(before, after);
    readable("mixed", 3, before.keySet().iterator().next());
  }

  @Test
  void aHalvedSweepGoesOnFromItsRungs() throws IOException, InterruptedException {
    Map<Object, Map<String, Object>> before = over("halved");
    assertThat(before).hasSize(2);
    assertThat(ids("halved")).hasSize(4);

    Grlu.Result extended = extend("halved", 2);
    assertThat(extended.err())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("4 trials of its table are by another version of a rule"));
    assertThat(extended.json()).containsEntry("planned", 8).containsEntry("left", 0);
    assertThat(ids("halved")).hasSize(12);
    Map<Object, Map<String, Object>> after = over("halved");
    assertThat(after).hasSizeGreaterThan(2);
    kept(before, after);
    readable("halved", 4, (String) before.keySet().iterator().next());
  }

  /** A row keeps what it had; columns that were added since may stand beside it. */
  private static void kept(Map<?, Map<String, Object>> before, Map<?, Map<String, Object>> after) {
    before.forEach((id, row) -> assertThat(after.get(id)).containsAllEntriesOf(row));
  }

  private Set<Object> ids(String name) throws IOException {
    Set<Object> ids = new TreeSet<>();
    SweepIT.table(sweep(name), "trials").read("trial_id").forEach(r -> ids.add(r.get("trial_id")));
    return ids;
  }

  /** The rows of trials that wait at no rung; one that did, and went on, has another row. */
  private Map<Object, Map<String, Object>> over(String name) throws IOException {
    Map<Object, Map<String, Object>> over = new TreeMap<>();
    for (Map<String, Object> row : SweepIT.table(sweep(name), "trials").read()) {
      if (!row.get("status").equals("stopped")) {
        assertThat(over.put(row.get("trial_id"), row)).as("a trial ends once").isNull();
      }
    }
    return over;
  }

  private void readable(String name, int settings, String trial) throws IOException {
    String sweep = sweep(name).toString();
    assertThat(SweepIT.table(sweep(name), "settings").read("setting_id")).hasSize(settings);
    assertThat(said("report", sweep)).singleElement().asString().endsWith("report.html");
    assertThat(said("report", sweep, "--format", "csv")).hasSizeGreaterThan(settings);
    assertThat(said("best", sweep)).contains("grlu {", "}");
    assertThat(said("show", trial.substring(0, 12), "--in", folder.resolve("o").toString()))
        .contains("trial      " + trial, "status     done");
  }

  /** What a command printed that was called in this JVM, and that succeeded. */
  private static List<String> said(String... arguments) {
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      assertThat(Main.run(arguments)).as("grlu %s", List.of(arguments)).isEqualTo(ExitCode.DONE);
    } finally {
      System.setOut(out);
    }
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
