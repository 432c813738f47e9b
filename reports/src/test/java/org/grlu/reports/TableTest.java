package org.grlu.reports;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
  private static final Schema OLD =
      new Schema(
          "row",
          List.of(
              Column.required("id", Column.Type.STRING), Column.required("x", Column.Type.DOUBLE)));
  private static final Schema NEW =
      new Schema(
          "row",
          List.of(
              Column.required("id", Column.Type.STRING),
              Column.required("x", Column.Type.DOUBLE),
              Column.optional("added", Column.Type.LONG)));

  @TempDir private Path folder;

  private Table table() throws IOException {
    return Table.in(folder.resolve("a b/rows").toString(), new Configuration());
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder.resolve("a b/rows"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aTableThatIsNotThereHasNoRows() throws IOException {
    assertThat(table().read()).isEmpty();
    assertThat(table().files()).isZero();
    table().compact(OLD);
  }

  @Test
  void everyAppendIsAFileAndNothingElseIsLeft() throws IOException {
    table().append(OLD, List.<Object[]>of(new Object[] {"a", 1.0}));
    table().append(OLD, List.of(new Object[] {"b", 2.0}, new Object[] {"c", Double.NaN}));
    assertThat(names()).hasSize(2).allMatch(name -> name.matches("part-[\\da-f-]+\\.parquet"));
    assertThat(table().read("x", "id").stream().map(row -> List.copyOf(row.values())))
        .containsExactlyInAnyOrder(List.of(1.0, "a"), List.of(2.0, "b"), List.of(Double.NaN, "c"));
  }

  @Test
  void aColumnThatAFileLacksIsNull() throws IOException {
    table().append(OLD, List.<Object[]>of(new Object[] {"a", 1.0}));
    table().append(NEW, List.<Object[]>of(new Object[] {"b", 2.0, 3L}));
    List<Map<String, Object>> rows = new ArrayList<>(table().read("id", "added", "nowhere"));
    rows.sort((a, b) -> ((String) a.get("id")).compareTo((String) b.get("id")));
    assertThat(rows.get(0)).containsEntry("added", null).containsEntry("nowhere", null);
    assertThat(rows.get(1)).containsEntry("added", 3L).containsOnlyKeys("id", "added", "nowhere");
  }

  @Test
  void compactingKeepsEveryRow() throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add("row " + i);
      table().append(OLD, List.<Object[]>of(new Object[] {"row " + i, 1.0 * i}));
    }
    table().append(NEW, List.<Object[]>of(new Object[] {"new", 2.0, 3L}));
    ids.add("new");
    List<Map<String, Object>> before = table().read("id", "x", "added");
    table().compact(NEW);
    assertThat(table().files()).isEqualTo(1);
    assertThat(names()).hasSize(1);
    assertThat(table().read()).isEqualTo(before);
    assertThat(before.stream().map(row -> row.get("id"))).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void compactingTheNewestKeepsRowsInTheirOrderAndRewritesFew() throws IOException {
    Random random = new Random(5);
    List<Object> ids = new ArrayList<>();
    long rewritten = 0;
    for (int commit = 0; commit < 200; commit++) {
      List<Object[]> rows = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        ids.add("row " + ids.size());
        rows.add(new Object[] {ids.get(ids.size() - 1), 1.0});
      }
      table().append(OLD, rows);
      if (table().files() > 12) {
        Set<String> before = Set.copyOf(names());
        table().compactNewest(OLD);
        // each has more rows than those after it together: nine of them have 511
        assertThat(table().files()).isLessThanOrEqualTo(9);
        for (String name : names()) {
          rewritten += before.contains(name) ? 0 : rows(name);
        }
      }
    }
    assertThat(table().read("id").stream().map(row -> row.get("id"))).isEqualTo(ids);
    // of whole compactions each would have written all rows that there are
    assertThat(rewritten).isLessThan(9L * ids.size());
  }

  private long rows(String name) throws IOException {
    return TableFile.rows(
        new org.apache.hadoop.fs.Path(folder.resolve("a b/rows").toString(), name),
        new Configuration());
  }

  @Test
  void aColumnThatNoLongerHasToHaveAValueKeepsThoseItHad() throws IOException {
    Schema optional =
        new Schema(
            "row",
            List.of(
                Column.required("id", Column.Type.STRING),
                Column.optional("x", Column.Type.DOUBLE)));
    table().append(OLD, List.<Object[]>of(new Object[] {"a", 1.0}));
    table().append(optional, List.<Object[]>of(new Object[] {"b", null}));
    table().compact(optional);
    assertThat(table().files()).isEqualTo(1);
    assertThat(table().columns()).isEqualTo(optional.columns());
    assertThat(table().read("x").stream().map(row -> row.get("x"))).containsExactly(1.0, null);
  }

  @Test
  void whatTheSchemaDoesNotCoverIsNotCompacted() throws IOException {
    table().append(NEW, List.<Object[]>of(new Object[] {"a", 1.0, 7L}));
    table().append(OLD, List.<Object[]>of(new Object[] {"b", 1.0}));
    table().append(OLD, List.<Object[]>of(new Object[] {"c", 1.0}));
    table().compact(OLD);
    assertThat(table().files()).isEqualTo(2);
    assertThat(table().read("added").stream().map(row -> row.get("added")))
        .containsExactlyInAnyOrder(7L, null, null);
  }

  @Test
  void aRowThatCannotBeWrittenLeavesNothing() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> table().append(OLD, List.of(new Object[] {"a", 1.0}, new Object[] {null, 1.0})))
        .withMessage("id = null: must have a value");
    assertThat(names()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table().append(OLD, Collections.singletonList(new Object[] {"a"})))
        .withMessage("row: 1 values for 2 columns");
  }

  @Test
  void aFileThatIsNotWholeIsNamed() throws IOException {
    table().append(OLD, List.<Object[]>of(new Object[] {"a", 1.0}));
    Path file = folder.resolve("a b/rows").resolve(names().get(0));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> table().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.getFileName() + ": not a whole Parquet file");
  }

  @Test
  void whateverIsDamagedTheFileIsNamedAndNothingWrongIsRead() throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(new Object[] {"row " + i, Math.sqrt(i)});
    }
    table().append(OLD, rows);
    List<Map<String, Object>> right = table().read();
    Path file = folder.resolve("a b/rows").resolve(names().get(0));
    byte[] whole = Files.readAllBytes(file);
    int damages = 0;
    // what comes after is the footer, without a checksum
    for (int at = 0; at < 2500; at += 50) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      try {
        assertThat(table().read()).as("byte %d", at).isEqualTo(right);
      } catch (IOException e) {
        assertThat(e).as("byte %d", at).hasMessageContaining(file.getFileName().toString());
        damages++;
      }
    }
    assertThat(damages).isGreaterThan(40);
  }

  @Test
  void aReaderGoesOnWhileAWriterAppendsAndCompactsAllTheTime() throws Exception {
    Table table = table();
    table.append(OLD, List.<Object[]>of(new Object[] {"first", 0.0}));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              try {
                while (!over.get()) {
                  table().append(OLD, List.<Object[]>of(new Object[] {"first", 0.0}));
                  Thread.sleep(2);
                  table().replace(OLD, List.<Object[]>of(new Object[] {"first", 0.0}));
                }
              } catch (IOException | InterruptedException | RuntimeException e) {
                failure.set(e);
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 300; i++) {
        assertThat(table.columns()).isEqualTo(OLD.columns());
        assertThat(table.read("id")).isNotEmpty();
        assertThat(table.files()).isPositive();
      }
    } finally {
      over.set(true);
      writer.join();
    }
    assertThat(failure).hasValue(null);
  }

  @Test
  void aFileOfAnotherKindOfTableIsNamed() throws IOException {
    RunFolder run = RunFolder.at(folder.toString(), new Configuration());
    run.table(RunFolder.TRIALS).append(OLD, List.<Object[]>of(new Object[] {"a", 1.0}));
    assertThatThrownBy(() -> run.table(RunFolder.TRIALS).read("trial_id"))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*/trials/part-.*: not a table of the kind trial, it has no column trial_id");
    run.table(RunFolder.EPOCHS)
        .append(
            new Schema("epoch", List.of(Column.required("trial_id", Column.Type.LONG))),
            List.<Object[]>of(new Object[] {2L}));
    assertThatThrownBy(() -> run.table(RunFolder.EPOCHS).read())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(": not a table of the kind epoch, its column trial_id is no string");
  }

  private static Object[] epoch(String trial, int epoch, double cpuSeconds) {
    Object[] row = new Object[Tables.epochs().columns().size()];
    for (int i = 0; i < row.length; i++) {
      row[i] =
          switch (Tables.epochs().columns().get(i).name()) {
            case "schema_version" -> Tables.VERSION;
            case "trial_id" -> trial;
            case "epoch" -> epoch;
            case "cpu_seconds" -> cpuSeconds;
            case "examples", "forward_passes" -> 1L;
            case "hidden_sparsity" -> List.of(0.5);
            case "learning_rate", "noise_scale", "mean_reward", "wall_seconds" -> 0.1;
            default -> null;
          };
    }
    return row;
  }

  private static Object[] task(String trial, int after, int on, double accuracy) {
    return new Object[] {Tables.VERSION, trial, after, on, accuracy, null};
  }

  @Test
  void eachPairOfTasksOfATrialIsReadOnceAndTheLastWritten() throws IOException {
    RunFolder run = RunFolder.at(folder.toString(), new Configuration());
    Table tasks = run.table(RunFolder.TASKS);
    tasks.append(Tables.tasks(), List.of(task("a", 1, 2, 1), task("a", 2, 1, 2)));
    tasks.append(Tables.tasks(), List.of(task("b", 1, 2, 3), task("a", 1, 2, 4)));
    assertThat(tasks.read("accuracy"))
        .extracting(row -> row.get("accuracy"))
        .containsExactly(2.0, 3.0, 4.0);
    tasks.compact(Tables.tasks());
    Table raw = Table.in(folder.resolve("tasks").toString(), new Configuration());
    assertThat(raw.read()).hasSize(3);
  }

  @Test
  @DisplayName("an epoch that is written twice is read once, and once there after compaction")
  void eachEpochOfATrialIsReadOnceAndTheLastWritten() throws IOException {
    RunFolder run = RunFolder.at(folder.toString(), new Configuration());
    Table epochs = run.table(RunFolder.EPOCHS);
    epochs.append(Tables.epochs(), List.of(epoch("a", 1, 1), epoch("a", 2, 2), epoch("b", 1, 3)));
    // the same file twice, as a compaction that knew no such rule left it
    epochs.append(Tables.epochs(), List.of(epoch("a", 1, 4), epoch("a", 1, 5), epoch("c", 1, 6)));
    epochs.append(Tables.epochs(), List.of(epoch("a", 2, 7), epoch("a", 1, 8)));
    List<Double> costs = List.of(3.0, 6.0, 7.0, 8.0);
    assertThat(epochs.read("cpu_seconds"))
        .extracting(row -> row.get("cpu_seconds"))
        .isEqualTo(costs);
    assertThat(epochs.read())
        .hasSize(4)
        .allSatisfy(row -> assertThat(row).hasSize(Tables.epochs().columns().size()));
    List<Object> each = new ArrayList<>();
    epochs.each(row -> each.add(List.copyOf(row.values())), "epoch", "cpu_seconds", "trial_id");
    assertThat(each).contains(List.of(1, 8.0, "a")).hasSize(4);
    List<Map<String, Object>> before = epochs.read();
    epochs.compact(Tables.epochs());
    Table raw = Table.in(folder.resolve("epochs").toString(), new Configuration());
    assertThat(raw.files()).isEqualTo(1);
    assertThat(raw.read()).isEqualTo(before);
  }

  @Test
  void ofADamagedFileItIsSaidWhatMovingItAwayCosts() throws IOException {
    RunFolder sweep = SweepFixture.in(folder.resolve("s")).diverged().folder();
    sweep.table(RunFolder.PLANNED).append(Tables.planned(), List.of());
    Map<String, String> said =
        Map.of(
            RunFolder.TRIALS, "the trials that it alone holds are lost, and the same command",
            RunFolder.EPOCHS, "the epochs that it alone holds are lost, that is learning curves",
            RunFolder.PLANNED, "nothing is lost: the same sweep command writes it again");
    for (String table : said.keySet()) {
      Path file;
      try (var files = Files.list(folder.resolve("s").resolve(table))) {
        file = files.findFirst().orElseThrow();
      }
      byte[] whole = Files.readAllBytes(file);
      byte[] footer = whole.clone();
      // Parquet throws a RuntimeException for the one, an IOException for the other
      int length = ByteBuffer.wrap(whole).order(LITTLE_ENDIAN).getInt(whole.length - 8);
      java.util.Arrays.fill(footer, whole.length - 8 - length, whole.length - length, (byte) 0xff);
      for (byte[] damaged : List.of(java.util.Arrays.copyOf(whole, whole.length / 2), footer)) {
        Files.write(file, damaged);
        assertThatThrownBy(() -> sweep.table(table).read())
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file + ": not a whole Parquet file; if it is moved away, ")
            .hasMessageContaining(said.get(table));
        assertThatThrownBy(() -> sweep.table(table).columns())
            .hasMessageContaining(said.get(table));
      }
    }
  }
}
