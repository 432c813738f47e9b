package org.grlu.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  @TempDir private Path reports;

  private RunFolder folder(String run) throws IOException {
    return RunFolder.in(reports.resolve("a b").toString(), run, new Configuration());
  }

  @Test
  void aFolderIsMadeOnce() throws IOException {
    RunFolder folder = folder("run");
    assertThat(folder.exists()).isFalse();
    assertThat(folder.create()).isTrue();
    assertThat(folder.create()).isFalse();
    assertThat(folder.exists()).isTrue();
    assertThat(folder.shown()).isEqualTo(reports.resolve("a b/run").toString());
    folder.remove();
    assertThat(reports.resolve("a b/run")).doesNotExist();
  }

  @Test
  void aFileIsReplacedAndLeavesNothingBeside() throws IOException {
    RunFolder folder = folder("run");
    folder.create();
    assertThat(folder.read("status.json")).isEmpty();
    for (String content : new String[] {"first", "second, longer", ""}) {
      folder.write("status.json", content.getBytes(StandardCharsets.UTF_8));
      assertThat(folder.read("status.json")).contains(content.getBytes(StandardCharsets.UTF_8));
    }
    try (var files = Files.list(reports.resolve("a b/run"))) {
      assertThat(files).containsExactly(reports.resolve("a b/run/status.json"));
    }
    folder.delete("status.json");
    folder.delete("status.json");
    assertThat(folder.read("status.json")).isEmpty();
  }

  @Test
  void whatIsNoFolderIsAnIoException() throws IOException {
    Files.writeString(reports.resolve("a b"), "a file");
    assertThatThrownBy(() -> folder("run").create()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> RunFolder.in("s3a://bucket/x", "run", new Configuration()))
        .isInstanceOf(IOException.class);
    for (String given : new String[] {"", "file://host/x"}) {
      assertThatThrownBy(() -> RunFolder.in(given, "run", new Configuration()))
          .isInstanceOf(NoPathException.class)
          .hasMessage(given + ": not a path or URI");
      assertThatThrownBy(() -> RunFolder.at(given, new Configuration()))
          .isInstanceOf(NoPathException.class);
    }
  }

  /** Hadoop's own reading takes what is before a colon for a scheme. */
  @ParameterizedTest
  @ValueSource(
      strings = {"10:30", "a:b", "a:b/c:d", "./a:b", "%41 b", "a#b?c", "-x", "[a]*{b}", "~x"})
  void aFolderMayHaveAnyName(String name) throws IOException {
    Configuration hadoop = new Configuration();
    for (RunFolder relative :
        List.of(RunFolder.at(name, hadoop), RunFolder.in(name, ".", hadoop))) {
      assertThat(relative.shown()).isEqualTo(Path.of(name).toAbsolutePath().normalize().toString());
    }
    assertThat(RunFolder.in(name, "run", hadoop).shown())
        .isEqualTo(Path.of(name, "run").toAbsolutePath().normalize().toString());

    Path path = reports.resolve(name).normalize();
    RunFolder folder = RunFolder.in(path.toString(), "runs/r", hadoop);
    assertThat(folder.create()).isTrue();
    folder.write("status.json", new byte[] {1});
    assertThat(path.resolve("runs/r/status.json")).hasBinaryContent(new byte[] {1});
    Schema schema = new Schema("t", List.of(Column.required("x", Column.Type.INT)));
    folder.table("t").append(schema, List.<Object[]>of(new Object[] {7}));
    assertThat(folder.table("t").read()).containsExactly(Map.of("x", 7));
    assertThat(RunFolder.at(path.resolve("runs").toString(), hadoop).folders())
        .singleElement()
        .satisfies(each -> assertThat(each.shown()).isEqualTo(path.resolve("runs/r").toString()));
  }

  @Tag("slow")
  @Test
  void aFileIsThereAllTheTimeWhileItIsReplaced() throws Exception {
    RunFolder run = folder("run");
    run.create();
    run.write("lock", new byte[] {1});
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong missing = new AtomicLong();
    Path lock = reports.resolve("a b/run/lock");
    Thread reader =
        new Thread(
            () -> {
              while (!over.get()) {
                missing.addAndGet(Files.exists(lock) ? 0 : 1);
              }
            });
    reader.start();
    for (int i = 0; i < 1000; i++) {
      run.write("lock", new byte[] {1});
    }
    over.set(true);
    reader.join();
    assertThat(missing).hasValue(0);
  }

  /** By whoever reads it: the table knows its file. */
  @Test
  void aStatusThatThereIsNotIsSaidInOneLine() throws IOException {
    Schema schema =
        new Schema(
            "trial",
            List.of(
                Column.required("trial_id", Column.Type.STRING),
                Column.required("status", Column.Type.STRING),
                Column.required("epochs_done", Column.Type.INT),
                Column.required("cpu_seconds", Column.Type.DOUBLE)));
    Table trials = folder("run").table(RunFolder.TRIALS);
    for (TrialStatus status : TrialStatus.values()) {
      trials.append(schema, List.<Object[]>of(new Object[] {"a", status.word(), 1, 0.5}));
    }
    assertThat(trials.read("status")).hasSize(4);
    trials.append(schema, List.<Object[]>of(new Object[] {"b", "finished", 1, 0.5}));
    assertThat(trials.read("trial_id")).hasSize(5);
    assertThatThrownBy(() -> trials.read("trial_id", "status"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a b/run/trials/part-")
        .hasMessageEndingWith(
            ".parquet: status finished: must be one of done, stopped, diverged, failed");
  }
}
